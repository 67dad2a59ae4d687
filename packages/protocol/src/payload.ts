/**
 * Payloads of `offer`, `answer` and `icecandidate`. The server passes them on unread; it only checks
 * that they are plain JSON of a bounded size and depth.
 * @module
 */
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from './limits.ts';

/** Plain JSON, as `JSON.parse` returns it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A session description, an ICE candidate, or either of them sealed; `null` ends the candidates. */
export type Payload = { readonly [key: string]: Json } | null;

/** What `checkPayload` found. */
export type PayloadVerdict =
  | { readonly ok: true; readonly payload: Payload; readonly bytes: number }
  | { readonly ok: false; readonly reason: PayloadFault };

/** Why a value is not a payload. */
export type PayloadFault = 'not-json' | 'too-large' | 'too-deep';

/** Longest JSON text of a number, as in -1.2345678901234567e-300. */
const NUMBER_BYTES = 24;
/** Counted for a literal or for a pair of brackets. */
const TOKEN_BYTES = 5;
/** Counted for the comma after a value, or the colon after a key. */
const SEPARATOR_BYTES = 1;

/**
 * Checks an untrusted value. Total: never throws, never walks further than the size limit allows.
 * `bytes` is never less than the value's length as UTF-8 JSON text, and exact for text.
 */
export function checkPayload(
  value: unknown,
  limitBytes: number = MAX_PAYLOAD_BYTES,
): PayloadVerdict {
  if (value === null || value === undefined) return { ok: true, payload: null, bytes: TOKEN_BYTES };
  if (!isPlainObject(value)) return { ok: false, reason: 'not-json' };
  const meter = { left: limitBytes };
  const fault = walk(value, meter, MAX_PAYLOAD_DEPTH);
  if (fault !== undefined) return { ok: false, reason: fault };
  return { ok: true, payload: value, bytes: limitBytes - meter.left };
}

interface Meter {
  left: number;
}

function walk(value: unknown, meter: Meter, depth: number): PayloadFault | undefined {
  if (typeof value === 'string') return spend(meter, jsonTextBytes(value, meter.left));
  if (value === null || typeof value === 'boolean') return spend(meter, TOKEN_BYTES);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? spend(meter, NUMBER_BYTES) : 'not-json';
  }
  if (depth === 0) return 'too-deep';
  if (Array.isArray(value)) return walkAll(value, meter, depth);
  if (!isPlainObject(value)) return 'not-json';
  for (const key in value) {
    const fault =
      spend(meter, jsonTextBytes(key, meter.left) + 2 * SEPARATOR_BYTES) ??
      walk(value[key], meter, depth - 1);
    if (fault !== undefined) return fault;
  }
  return spend(meter, TOKEN_BYTES);
}

function walkAll(
  values: readonly unknown[],
  meter: Meter,
  depth: number,
): PayloadFault | undefined {
  for (const value of values) {
    const fault = spend(meter, SEPARATOR_BYTES) ?? walk(value, meter, depth - 1);
    if (fault !== undefined) return fault;
  }
  return spend(meter, TOKEN_BYTES);
}

function spend(meter: Meter, bytes: number): PayloadFault | undefined {
  meter.left -= bytes;
  return meter.left < 0 ? 'too-large' : undefined;
}

/** Length of `text` as JSON in UTF-8, quotes included; stops counting when `budget` is spent. */
function jsonTextBytes(text: string, budget: number): number {
  let bytes = text.length + 2;
  for (let index = 0; index < text.length && bytes <= budget; index += 1) {
    bytes += extraBytes(text, index);
  }
  return bytes;
}

/** What the code unit at `index` costs beyond one byte. */
function extraBytes(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return isEscaped(unit) ? escapeBytes(unit) : 0;
  if (unit < 0x800) return 1;
  if (!isSurrogate(unit)) return 2;
  // A pair is 4 bytes, 2 for each half; a half that stands alone is written as \udxxx.
  return isPaired(text, index) ? 1 : UNICODE_ESCAPE_EXTRA;
}

const UNICODE_ESCAPE_EXTRA = 5;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function isEscaped(unit: number): boolean {
  return unit < 0x20 || unit === QUOTE || unit === BACKSLASH;
}

/** \b \t \n \f \r, the quote and the backslash have a short escape. */
function escapeBytes(unit: number): number {
  const isShort = (unit >= 0x08 && unit <= 0x0d && unit !== 0x0b) || !(unit < 0x20);
  return isShort ? 1 : UNICODE_ESCAPE_EXTRA;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** True for either half of a well-formed surrogate pair. */
function isPaired(text: string, index: number): boolean {
  const isHigh = text.charCodeAt(index) < 0xdc00;
  const start = isHigh ? index : index - 1;
  return (text.codePointAt(start) ?? 0) > 0xffff;
}

function isPlainObject(value: unknown): value is { readonly [key: string]: Json } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
