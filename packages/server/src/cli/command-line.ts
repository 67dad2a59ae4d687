/**
 * The command line of `parley`: flags and environment to a command. Pure; a flag beats the variable
 * of the same name.
 * @module
 */
import { parseArgs } from 'node:util';
import { ParleyError } from '@parley/protocol';
import { checkServerOptions, DEFAULT_PORT, resolveServerOptions } from '../options.ts';
import type { ServerOptions } from '../options.ts';
import { mergeAuth } from './access-settings.ts';
import { nameInFile } from './config-file.ts';
import type { FileSettings } from './config-file.ts';
import type { LogFormat } from './log-format.ts';
import { SETTINGS } from './settings.ts';
import type { ServeSettings, Setting } from './settings.ts';

/** What the person asked for. */
export type Command =
  | {
      readonly name: 'serve';
      readonly options: ServerOptions;
      readonly log: LogFormat;
      readonly drainMs: number;
    }
  | { readonly name: 'config'; readonly settings: readonly SettingInForce[] }
  | { readonly name: 'doctor'; readonly url: URL; readonly token?: string }
  | { readonly name: 'help' }
  | { readonly name: 'version' };

/** Where a value comes from. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'default';

/** One setting, and what decided it. */
export interface SettingInForce {
  readonly setting: Setting;
  /** As they were given; none: the default. */
  readonly texts: readonly string[];
  readonly source: SettingSource;
}

/** Reads a configuration file. @throws {ParleyError} `ERR_CONFIG_FILE` */
export type ReadConfigFile = (file: string) => FileSettings;

/** Environment variables, as in `process.env`. */
export type Environment = { readonly [name: string]: string | undefined };

/** Column in which help explains a flag. */
const HELP_COLUMN = 32;
const CONFIG_VARIABLE = 'PARLEY_CONFIG';
/** For the doctor: a secret, so no flag. */
const TOKEN_VARIABLE = 'PARLEY_ACCESS_TOKEN';
/**
 * Long enough for people who are just meeting, short of what `docker stop` (10 s) and systemd (90 s) wait,
 * and of what pages wait for an answer (10 s).
 */
const DEFAULT_DRAIN_MS = 5000;

const NO_FILE: FileSettings = new Map();

/**
 * @throws {ParleyError} `ERR_OPTIONS` with one sentence that names the flag, variable or entry;
 *   `ERR_CONFIG_FILE`
 */
export function parseCommandLine(
  argv: readonly string[],
  env: Environment,
  readFile: ReadConfigFile = () => NO_FILE,
): Command {
  const [first] = argv;
  if (first === 'doctor') return readDoctor(argv.slice(1), env[TOKEN_VARIABLE]);
  const isConfig = first === 'config';
  const given = readFlags(isConfig ? argv.slice(1) : argv);
  if (given.has('help')) return { name: 'help' };
  if (given.has('version')) return { name: 'version' };
  const file = given.get('config')?.at(-1) ?? env[CONFIG_VARIABLE];
  const sources = { given, env, file: file ? readFile(file) : NO_FILE };
  const settings = SETTINGS.map((setting) => decide(setting, sources));
  const parts = settings.map((one) => readSetting(one));
  const log = parts.map((part) => part.log).find((one) => one !== undefined) ?? 'trouble';
  const pieces = parts.map((part) => part.options);
  const options: ServerOptions = Object.assign({}, ...pieces, mergeAuth(pieces));
  const drainMs =
    parts.map((part) => part.drainMs).find((one) => one !== undefined) ?? DEFAULT_DRAIN_MS;
  if (!isConfig) return { name: 'serve', options, log, drainMs };
  resolveServerOptions(options);
  return { name: 'config', settings };
}

/** The text of `--help`. */
export function formatHelp(): string {
  const row = (what: string, help: string): string => `  ${what.padEnd(HELP_COLUMN - 2)}${help}`;
  const margin = ' '.repeat(HELP_COLUMN);
  const flags = SETTINGS.flatMap(({ flag, value, help, variable }) =>
    flag === undefined ? [] : [`${row(`--${flag} ${value}`, help)}\n${margin}or ${variable}`],
  );
  const variables = SETTINGS.flatMap(({ flag, value, help, variable }) =>
    flag === undefined ? [`  ${variable}=${value}\n${margin}${help}`] : [],
  );
  return [
    'parley: calls by opening a link, from one small server that you own.',
    '',
    'Usage: parley [options]         serve',
    '       parley config [options]  show what is in force, and what decided it',
    '       parley doctor [URL]      look at a running server, and name what to do',
    '',
    ...flags,
    row('--config FILE', 'take settings from this JSON file'),
    `${margin}or ${CONFIG_VARIABLE}`,
    row('--help', 'show this'),
    row('--version', 'show the version'),
    '',
    'Secrets are no flags, because others can read command lines:',
    '',
    ...variables,
    `  ${TOKEN_VARIABLE}=TEXT`,
    `${margin}for the doctor: what to show to a server that asks for access tokens`,
    '',
    'A flag beats the environment variable, which beats the file. The file has an object with the',
    'names of flags and variables: {"port": 7000, "ice-server": ["stun:a.example"]}. What may be',
    'repeated takes several values with commas between as well. A STUN server is stun:HOST:PORT, a',
    'TURN server is turn:USER:PASSWORD@HOST:PORT; write : @ , and % inside a user or password as',
    '%3A %40 %2C and %25. An external TURN server has no user: turn:HOST:PORT?transport=tcp.',
  ].join('\n');
}

/** Every flag with the values given to it, in order. */
function readFlags(argv: readonly string[]): Map<string, string[]> {
  const flags = new Map<string, string[]>();
  const names = new Set(['config', ...SETTINGS.flatMap(({ flag }) => flag ?? [])]);
  const valued = Object.fromEntries([...names].map((name) => [name, { type: 'string' as const }]));
  const { tokens } = parseArgs({
    args: spellOut(argv),
    options: {
      ...valued,
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw bad(`"${token.value}" is not an option. See --help.`);
    const isSwitch = token.name === 'help' || token.name === 'version';
    if (!isSwitch && !names.has(token.name)) {
      throw bad(`There is no option ${token.rawName}. See --help.`);
    }
    if (!isSwitch && !isValue(token.value))
      throw bad(`${token.rawName} needs a value. See --help.`);
    flags.set(token.name, [...(flags.get(token.name) ?? []), token.value ?? '']);
  }
  return flags;
}

/** Gives flags that stand alone the value they have then. */
function spellOut(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const setting = SETTINGS.find(({ flag }) => word === `--${flag}`);
    const next = argv[index + 1];
    const standsAlone = next === undefined || next.startsWith('-');
    return setting?.bare !== undefined && standsAlone ? `${word}=${setting.bare}` : word;
  });
}

function readDoctor(argv: readonly string[], token: string | undefined): Command {
  const [text = `http://localhost:${DEFAULT_PORT}`, ...rest] = argv;
  if (text === '--help' || text === '-h') return { name: 'help' };
  const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (isUrl && rest.length === 0) {
    return { name: 'doctor', url: new URL(text), ...(token && { token }) };
  }
  throw bad('parley doctor takes the address of the page, like https://calls.example.org.');
}

/** Everything that may say something. */
interface Sources {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly env: Environment;
  readonly file: FileSettings;
}

/** A flag beats the variable, and the variable beats the file. */
function decide(setting: Setting, { given, env, file }: Sources): SettingInForce {
  const { flag, variable } = setting;
  const flags = flag === undefined ? undefined : given.get(flag);
  if (flags !== undefined) return { setting, texts: flags, source: 'flag' };
  const fromEnv = env[variable];
  if (fromEnv) return { setting, texts: [fromEnv], source: 'environment' };
  const entry = file.get(nameInFile(setting));
  if (entry !== undefined) return { setting, texts: entry, source: 'file' };
  return { setting, texts: [], source: 'default' };
}

function readSetting({ setting, texts, source }: SettingInForce): ServeSettings {
  if (texts.length === 0) return {};
  try {
    const settings = setting.read(texts);
    checkServerOptions(settings.options ?? {});
    return settings;
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    throw bad(`${sourceName(setting, source)}: ${error.message}.`, error);
  }
}

function sourceName(setting: Setting, source: SettingSource): string {
  if (source === 'flag') return `--${setting.flag}`;
  return source === 'file' ? `"${nameInFile(setting)}" in the file` : setting.variable;
}

/** A flag in place of a value means that the value was forgotten. */
function isValue(text: string | undefined): boolean {
  return text !== undefined && text !== '' && !text.startsWith('--');
}

function bad(message: string, cause?: unknown): ParleyError<'ERR_OPTIONS'> {
  return new ParleyError('ERR_OPTIONS', message, { cause });
}
