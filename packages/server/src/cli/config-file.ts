/**
 * The configuration file: a JSON object with the names of the flags, without their hyphens in front.
 * Secrets have names of their own there. Pure: the text comes in.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import { SETTINGS } from './settings.ts';
import type { Setting } from './settings.ts';

/** The texts of each name, as flags would have them. */
export type FileSettings = ReadonlyMap<string, readonly string[]>;

/** Longest file that is read. */
const MAX_LENGTH = 65_536;
const PREFIX = 'PARLEY_';

/** The name of a setting in the file: that of its flag, or else that of its variable in the same style. */
export function nameInFile({ flag, variable }: Setting): string {
  return flag ?? variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
}

/** @throws {ParleyError} `ERR_CONFIG_FILE` with the name that is wrong */
export function parseConfigFile(text: string, file: string): FileSettings {
  const fail = (problem: string): ParleyError<ConfigErrorCode> =>
    new ParleyError('ERR_CONFIG_FILE', `The configuration file ${file} ${problem}.`);
  if (text.length > MAX_LENGTH) throw fail(`is longer than ${MAX_LENGTH} characters`);
  const value = readJson(text);
  if (value === undefined) throw fail('is no JSON object; an example is {"port": 7000}');
  const names = new Set(SETTINGS.map(nameInFile));
  return new Map(
    Object.entries(value).map(([name, entry]) => {
      if (!names.has(name)) throw fail(`has "${name}", which is no setting; see --help`);
      const texts = textsOf(entry);
      if (texts === undefined) {
        throw fail(`has no text, number, yes or no, or list of them as "${name}"`);
      }
      return [name, texts];
    }),
  );
}

/** Whether the file holds something that nobody else may read. */
export function hasSecrets(settings: FileSettings): boolean {
  return SETTINGS.some((one) => one.flag === undefined && settings.has(nameInFile(one)));
}

/** What is wrong with the file. */
export type ConfigErrorCode = 'ERR_CONFIG_FILE';

function readJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textsOf(value: unknown): readonly string[] | undefined {
  const texts = (Array.isArray(value) ? value : [value]).map(textOf);
  const known = texts.filter((text) => text !== undefined);
  return known.length === texts.length ? known : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
