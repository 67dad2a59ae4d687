/**
 * Small choices that survive a reload. Storage may be full, blocked or absent: then nothing is
 * remembered, and nothing breaks.
 * @module
 */

/** What is remembered. */
export type Preference =
  | 'locale'
  | 'name'
  | 'camera'
  | 'microphone'
  | 'speaker'
  | 'layout'
  | 'data'
  | 'noise'
  | 'blur'
  | 'selfHidden'
  | 'shortcuts';

/** Where choices are kept between visits. */
export interface Preferences {
  read(preference: Preference): string | undefined;
  write(preference: Preference, value: string): void;
}

/** The remembered value, or `undefined`. */
export function readPreference(preference: Preference): string | undefined {
  try {
    return localStorage.getItem(`parley.${preference}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers `value`. */
export function writePreference(preference: Preference, value: string): void {
  try {
    localStorage.setItem(`parley.${preference}`, value);
  } catch {
    // Private mode or a full disk: the choice lasts for this page.
  }
}
