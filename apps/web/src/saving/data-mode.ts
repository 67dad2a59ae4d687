/**
 * How much data pictures may cost. Pure.
 * @module
 */

/** `low`: small pictures both ways; `audio`: none at all. */
export const DATA_MODES = ['full', 'low', 'audio'] as const;

/** One of {@link DATA_MODES}. */
export type DataMode = (typeof DATA_MODES)[number];

/** The mode in untrusted data, or `undefined`. */
export function parseDataMode(value: unknown): DataMode | undefined {
  return DATA_MODES.find((mode) => mode === value);
}
