/**
 * What `createClient` takes.
 * @module
 */
import { clientError } from './client-error.ts';
import { SILENT_LOGGER } from './logger.ts';
import type { Logger } from './logger.ts';
import type { Signaling } from './signaling/signaling.ts';

/** How much of the network a call may use. */
export interface QualityOptions {
  /** Bits per second of sound and picture to all peers together. @default 2_500_000 */
  readonly maxUplinkBitrate?: number;
}

/** Options of {@link createClient}. */
export interface ClientOptions {
  /** Where Parley runs. @default the page's own origin */
  readonly url?: string | URL;
  /** ICE servers to use besides those the server names. @default [] */
  readonly iceServers?: readonly RTCIceServer[];
  /** `'relay'` hides the addresses of this device from the other callers. @default 'all' */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /**
   * The access token of the application, or what gets one: called for each join, and again before the
   * token ends. @default the server is not shown any
   */
  readonly auth?: string | (() => string | Promise<string>);
  /**
   * Peers share one uplink: sound first, then pictures by the size in which they are shown.
   * `false` leaves every connection to itself, as the browser does. @default {}
   */
  readonly quality?: QualityOptions | false;
  /**
   * Opens another way to whoever introduces people to each other, instead of Socket.IO; `url` and `auth` are then
   * not used. Called for the first room, and again for one that is joined while another is open. It has to give
   * what docs/SPEC-signaling.md asks of a server. @default Socket.IO, to a Parley server
   */
  readonly signaling?: () => Signaling;
  /** @default silent */
  readonly logger?: Logger;
}

/** Options after the check: every field is there. */
export interface ResolvedClientOptions {
  /** Undefined: the page's own origin. */
  readonly url: string | undefined;
  readonly iceServers: readonly RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** Undefined: nothing is governed. */
  readonly quality: Required<QualityOptions> | undefined;
  readonly logger: Logger;
}

/** Enough for 720p between two, and for 360p to each of seven. */
const DEFAULT_MAX_UPLINK_BITRATE = 2_500_000;

/**
 * Applies defaults and checks once, at the edge.
 * @throws {ParleyError} `ERR_OPTIONS`
 */
export function resolveClientOptions(options: ClientOptions): ResolvedClientOptions {
  return {
    url: options.url === undefined ? undefined : checkUrl(options.url),
    iceServers: options.iceServers ?? [],
    iceTransportPolicy: options.iceTransportPolicy ?? 'all',
    quality: checkQuality(options.quality ?? {}),
    logger: options.logger ?? SILENT_LOGGER,
  };
}

function checkUrl(value: string | URL): string {
  if (!/^(https?|wss?):\/\//u.test(String(value)) || !URL.canParse(value)) {
    throw clientError(
      'ERR_OPTIONS',
      `url must be the address of a Parley server such as https://calls.example.org, got "${value}".`,
    );
  }
  return String(value);
}

function checkQuality(options: QualityOptions | false): Required<QualityOptions> | undefined {
  if (options === false) return undefined;
  const { maxUplinkBitrate = DEFAULT_MAX_UPLINK_BITRATE } = options;
  if (maxUplinkBitrate > 0) return { maxUplinkBitrate };
  throw clientError('ERR_OPTIONS', `maxUplinkBitrate must be above 0, got ${maxUplinkBitrate}.`);
}
