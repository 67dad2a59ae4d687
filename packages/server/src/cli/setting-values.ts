/**
 * What the texts of a setting mean. Pure.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { PortRange } from '../relay/relay-options.ts';

/** The last one wins. */
export function last(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}

/** The parts between commas, of all texts. */
export function listed(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(',')).map((text) => text.trim());
}

/** @throws {ParleyError} `ERR_OPTIONS` */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ParleyError('ERR_OPTIONS', `a whole number is needed, got "${text}"`);
}

/** @throws {ParleyError} `ERR_OPTIONS` */
export function portRange(text: string): PortRange {
  const { min, max } = /^(?<min>\d{1,5})-(?<max>\d{1,5})$/.exec(text)?.groups ?? {};
  if (min !== undefined && max !== undefined) return { min: Number(min), max: Number(max) };
  throw new ParleyError('ERR_OPTIONS', `a range like 50000-50100 is needed, got "${text}"`);
}

/** @throws {ParleyError} `ERR_OPTIONS` */
export function oneOf<Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((one) => one === text);
  if (value !== undefined) return value;
  const choices = `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
  throw new ParleyError('ERR_OPTIONS', `${choices} is needed, got "${text}"`);
}

/** @throws {ParleyError} `ERR_OPTIONS` */
export function yesOrNo(text: string): boolean {
  return oneOf(['yes', 'no', 'true', 'false'], text) === 'yes' || text === 'true';
}
