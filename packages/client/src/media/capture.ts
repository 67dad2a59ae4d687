/**
 * Opens cameras and microphones. Two requests made in the same moment become one `getUserMedia`,
 * so that the person is asked once.
 * @module
 */
import type { Platform } from '../platform.ts';
import { mediaError, mediaErrorFrom } from './browser-media-error.ts';
import type { MediaError } from './media-error.ts';
import { KIND_OF_SOURCE } from './source.ts';
import type { DeviceSource } from './source.ts';

/** Opens one device: the named one exactly, or the one the browser prefers. */
export type Acquire = (
  source: DeviceSource,
  deviceId: string | undefined,
) => Promise<MediaStreamTrack>;

interface Request {
  readonly source: DeviceSource;
  readonly deviceId: string | undefined;
  readonly resolve: (track: MediaStreamTrack) => void;
  readonly reject: (error: MediaError) => void;
}

type Pair = readonly [Request, Request];

/** 720p at 30 frames is what a call between two looks good with; more heats phones for nothing. */
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
};
const AUDIO: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/** What to ask the browser for: first the front camera, afterwards exactly the chosen device. */
export function constraintsFor(
  source: DeviceSource,
  deviceId: string | undefined,
): MediaTrackConstraints {
  const quality = source === 'camera' ? VIDEO : AUDIO;
  if (deviceId !== undefined) return { ...quality, deviceId: { exact: deviceId } };
  return source === 'camera' ? { ...quality, facingMode: 'user' } : quality;
}

/** The one place that calls `getUserMedia`. */
export class Capture {
  readonly #platform: Pick<Platform, 'mediaDevices' | 'queryPermission'>;
  #batch: readonly Request[] = [];

  constructor(platform: Pick<Platform, 'mediaDevices' | 'queryPermission'>) {
    this.#platform = platform;
  }

  /** Rejects with a {@link MediaError}. The caller must stop the track. */
  readonly acquire: Acquire = (source, deviceId) =>
    new Promise((resolve, reject) => {
      if (this.#batch.length === 0) queueMicrotask(() => this.#flush());
      this.#batch = [...this.#batch, { source, deviceId, resolve, reject }];
    });

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    const [first, second, ...more] = batch;
    const isPair = first !== undefined && second !== undefined && first.source !== second.source;
    if (isPair && more.length === 0) void this.#openBoth([first, second]);
    else for (const request of batch) void this.#open(request);
  }

  async #open(request: Request): Promise<void> {
    try {
      request.resolve(trackOf(await this.#getUserMedia([request]), request.source));
    } catch (error) {
      request.reject(mediaErrorFrom(error, request.source));
    }
  }

  async #openBoth(requests: Pair): Promise<void> {
    try {
      const stream = await this.#getUserMedia(requests);
      for (const { source, resolve } of requests) resolve(trackOf(stream, source));
    } catch (error) {
      await this.#openEach(requests, error);
    }
  }

  /** One missing or refused device must not cost the other one. */
  async #openEach([one, other]: Pair, cause: unknown): Promise<void> {
    const isRefusal = mediaErrorFrom(cause, one.source).code === 'ERR_MEDIA_DENIED_BY_BROWSER';
    const ask = ({ source }: Request): Promise<PermissionState | undefined> =>
      isRefusal ? this.#platform.queryPermission(source) : Promise.resolve(undefined);
    const [first, second] = await Promise.all([ask(one), ask(other)]);
    // One after the other: two questions at once would hide each other.
    for (const request of [one, other]) {
      const isOne = request === one;
      const answered = isOne ? isAnswered(first, second) : isAnswered(second, first);
      if (answered) request.reject(mediaErrorFrom(cause, request.source));
      else await this.#open(request);
    }
  }

  async #getUserMedia(requests: readonly [Request, ...Request[]]): Promise<MediaStream> {
    const { mediaDevices } = this.#platform;
    if (mediaDevices === undefined) {
      throw mediaError('ERR_MEDIA_INSECURE_ORIGIN', requests[0].source);
    }
    const constraints: MediaStreamConstraints = {};
    for (const { source, deviceId } of requests) {
      constraints[KIND_OF_SOURCE[source]] = constraintsFor(source, deviceId);
    }
    return mediaDevices.getUserMedia(constraints);
  }
}

/** Whether asking for one source alone would repeat a question the person has just answered. */
function isAnswered(own: PermissionState | undefined, other: PermissionState | undefined): boolean {
  return own === 'denied' || (own === 'prompt' && other !== 'denied');
}

/** @throws {MediaError} when the browser left the track out, against the specification */
function trackOf(stream: MediaStream, source: DeviceSource): MediaStreamTrack {
  const kind = KIND_OF_SOURCE[source];
  const track = stream.getTracks().find((candidate) => candidate.kind === kind);
  if (track === undefined) throw mediaError('ERR_MEDIA_UNKNOWN', source);
  return track;
}
