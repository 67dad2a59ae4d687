/**
 * The datagrams between a probe and its mirror, as JSON. Both are ours and run in the laboratory, so
 * nothing here is untrusted.
 * @module
 */
import type { MirrorSocket } from './nat-classification.ts';

/** Ports on which a mirror listens, by UDP and by TCP. */
export const MIRROR_PORTS = [443, 8443] as const;

/** Asks for one answer from each of these sockets, in this order. */
export interface MirrorRequest {
  readonly id: number;
  readonly answerFrom: readonly MirrorSocket[];
}

/** An answer: who sends it, and where the request came from. */
export interface MirrorAnswer {
  readonly id: number;
  readonly from: MirrorSocket;
  readonly mapped: string;
}

/** Bytes of a message. */
export function encodeMessage(message: MirrorRequest | MirrorAnswer): string {
  return JSON.stringify(message);
}

/** What a probe has sent. */
export function decodeRequest(bytes: Buffer): MirrorRequest {
  return JSON.parse(bytes.toString());
}

/** What a mirror has sent. */
export function decodeAnswer(bytes: Buffer): MirrorAnswer {
  return JSON.parse(bytes.toString());
}
