/**
 * Settings of a server that is one of several.
 * @module
 */
import type { ServerOptions } from '../options.ts';
import { last } from './setting-values.ts';

/** One setting of many nodes. */
export interface NodeSetting {
  readonly flag: string;
  readonly variable: string;
  readonly value: string;
  readonly help: string;
  readonly read: (texts: readonly string[]) => ServerOptions;
}

/** In the order in which help lists them. */
export const NODE_SETTINGS: readonly NodeSetting[] = [
  {
    flag: 'redis',
    variable: 'PARLEY_REDIS',
    value: 'URL',
    help: 'joins this server with others into one service (none)',
    read: (texts) => ({ redis: last(texts) }),
  },
  {
    flag: 'relay-host',
    variable: 'PARLEY_RELAY_HOST',
    value: 'NAME',
    help: 'where callers reach the relay of this very server (as the page)',
    read: (texts) => ({ relayHost: last(texts) }),
  },
];
