/**
 * The fake cameras of Chromium.
 * @module
 */

/**
 * How many to ask for, to get so many that can be used in a call: the second one delivers depth
 * images, which no encoder takes.
 */
export const DEVICE_COUNTS: { readonly [Usable in 0 | 1 | 2]: number } = { 0: 0, 1: 1, 2: 3 };

/** Labels of the two that can be used in a call, the default one first. */
export const FAKE_CAMERAS = ['fake_device_0', 'fake_device_2'] as const;
