/**
 * A text on its way out, and what became of it.
 * @module
 */
import type { OutgoingMessage } from '../../src/data/outgoing-stream.ts';

/** `results` gets what the message is settled with. */
export function textMessage(text: string): OutgoingMessage & { readonly results: unknown[] } {
  const results: unknown[] = [];
  return {
    bytes: Buffer.from(text),
    isText: true,
    results,
    settle: (error) => results.push(error),
  };
}
