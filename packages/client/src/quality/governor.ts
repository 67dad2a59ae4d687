/**
 * The governor of a room: looks at every connection now and then, and divides the uplink anew when
 * people come and go, show our picture larger or smaller, or the network or the processor changes.
 * Only the rim: what is to be done is decided in `plan-uplink`, `uplink-budget` and `strain`.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Logger } from '../logger.ts';
import type { TrackSource } from '../media/track-source.ts';
import type { Observable } from '../observable.ts';
import type { MeshPeer } from '../peer/remote-peer.ts';
import type { SetTimer } from '../platform.ts';
import type { CameraFormat } from './ladder.ts';
import { readPathStats } from './path-stats.ts';
import type { PathStats } from './path-stats.ts';
import { LEAST_SOUND_BITRATE, MAX_STRAIN, SOUND_BITRATE, planUplink } from './plan-uplink.ts';
import type { Allotment } from './plan-uplink.ts';
import { NO_STRAIN, nextStrain } from './strain.ts';
import type { Strain } from './strain.ts';
import { nextBudget, startBudget } from './uplink-budget.ts';
import type { UplinkBudget } from './uplink-budget.ts';

/** A peer as the governor needs it. */
export type GovernedPeer = Pick<MeshPeer, 'id' | 'connection' | 'views' | 'limit' | 'limitedBy'>;

/** What a governor works with. */
export interface GovernorOptions {
  /** Changes when people come and go. */
  readonly room: Pick<Observable<object>, 'subscribe'>;
  /** Everybody else in the room now. */
  readonly peers: () => Iterable<GovernedPeer>;
  readonly camera: TrackSource;
  /** Bits per second for everything. */
  readonly maxUplinkBitrate: number;
  readonly setTimer: SetTimer;
  readonly logger: Logger;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What is known about one connection. */
interface Path {
  readonly connection: RTCPeerConnection;
  readonly looks: number;
  readonly stats: PathStats;
}

const LOOK_MS = 2_000;
/** Changes that come together are planned together. */
const PLAN_DELAY_MS = 40;
/** Looks until the estimate of a new connection means something. */
const LOOKS_TO_SETTLE = 4;
/** What cameras deliver when they do not say. */
const USUAL_CAMERA: CameraFormat = { width: 1_280, height: 720, frameRate: 30 };
/** Headers of 50 packets a second. */
const SOUND_OVERHEAD = SOUND_BITRATE - 32_000;

/** See the module comment. Works until its signal ends it. */
export class Governor {
  readonly #options: GovernorOptions;
  readonly #paths = new Map<PeerId, Path>();
  #allotments: ReadonlyMap<PeerId, Allotment> = new Map();
  #budget: UplinkBudget;
  #strain: Strain = NO_STRAIN;
  #cancelLook: () => void = () => {};
  #cancelPlan: (() => void) | undefined;

  constructor(options: GovernorOptions) {
    const { room, camera, maxUplinkBitrate, signal } = options;
    this.#options = options;
    this.#budget = startBudget(maxUplinkBitrate);
    if (signal.aborted) return; // the room was left while this was loaded
    const undo = [room, camera].map((source) => source.subscribe(() => this.replan()));
    signal.addEventListener('abort', () => {
      for (const end of undo) end();
      this.#cancelLook();
      this.#cancelPlan?.();
    });
    this.#keepLooking();
    this.replan();
  }

  /** Plans anew in a moment. */
  replan(): void {
    if (this.#options.signal.aborted) return;
    this.#cancelPlan ??= this.#options.setTimer(() => {
      this.#cancelPlan = undefined;
      this.#plan();
    }, PLAN_DELAY_MS);
  }

  #keepLooking(): void {
    this.#cancelLook = this.#options.setTimer(() => {
      this.#keepLooking();
      void this.#look();
    }, LOOK_MS);
  }

  async #look(): Promise<void> {
    const peers = [...this.#options.peers()];
    const connected = peers.filter(({ connection }) => connection.connectionState === 'connected');
    for (const id of this.#paths.keys()) {
      if (!connected.some((peer) => peer.id === id)) this.#paths.delete(id);
    }
    await Promise.all(connected.map((peer) => this.#lookAt(peer)));
    if (this.#options.signal.aborted) return;
    this.#judge();
    this.#plan();
  }

  async #lookAt({ id, connection }: GovernedPeer): Promise<void> {
    try {
      const report = await connection.getStats();
      const before = this.#paths.get(id);
      const looks = before?.connection === connection ? before.looks + 1 : 1;
      this.#paths.set(id, { connection, looks, stats: readPathStats(report.values()) });
    } catch (error) {
      this.#options.logger.debug('no statistics', { peer: id, error });
    }
  }

  #judge(): void {
    const { maxUplinkBitrate, logger } = this.#options;
    const paths = [...this.#paths].map(([id, { looks, stats }]) => {
      const { sound, picture } = this.#allotments.get(id) ?? { sound: 0, picture: { bitrate: 0 } };
      return {
        available: stats.available,
        allotted: sound + picture.bitrate,
        isSettled: looks >= LOOKS_TO_SETTLE,
      };
    });
    const isOverloaded = [...this.#paths.values()].some(({ stats }) => stats.isOverloaded);
    const before = { budget: this.#budget.bitrate, strain: this.#strain.level };
    this.#budget = nextBudget(this.#budget, paths, maxUplinkBitrate);
    this.#strain = nextStrain(this.#strain, isOverloaded, MAX_STRAIN);
    const { bitrate } = this.#budget;
    const { level } = this.#strain;
    if (before.budget !== bitrate || before.strain !== level) {
      logger.info('uplink', { bitrate: Math.round(bitrate), strain: level });
    }
  }

  #plan(): void {
    const peers = [...this.#options.peers()];
    this.#allotments = planUplink({
      budget: this.#budget.bitrate,
      strain: this.#strain.level,
      camera: this.#cameraFormat(),
      peers: peers.map(({ id, views }) => ({
        id,
        view: views.get('camera'),
        available: this.#settledEstimate(id),
        before: this.#allotments.get(id)?.picture,
      })),
    });
    for (const peer of peers) {
      const allotment = this.#allotments.get(peer.id);
      if (allotment !== undefined) this.#apply(peer, allotment);
    }
  }

  #settledEstimate(id: PeerId): number | undefined {
    const path = this.#paths.get(id);
    return path !== undefined && path.looks >= LOOKS_TO_SETTLE ? path.stats.available : undefined;
  }

  #cameraFormat(): CameraFormat | undefined {
    const { track } = this.#options.camera.snapshot;
    if (track === undefined) return undefined;
    const { width, height, frameRate } = track.getSettings();
    return {
      width: width ?? USUAL_CAMERA.width,
      height: height ?? USUAL_CAMERA.height,
      frameRate: frameRate ?? USUAL_CAMERA.frameRate,
    };
  }

  #apply(peer: GovernedPeer, { sound, picture, limitedBy }: Allotment): void {
    peer.limitedBy = limitedBy;
    const soundBitrate = Math.max(LEAST_SOUND_BITRATE - SOUND_OVERHEAD, sound - SOUND_OVERHEAD);
    void peer.limit('microphone', { maxBitrate: soundBitrate, priority: 'high' });
    if (this.#options.camera.snapshot.track === undefined) return;
    const active = picture.bitrate > 0;
    // Firefox refuses a maximum of 0.
    const limits = active
      ? {
          active,
          maxBitrate: picture.bitrate,
          maxFramerate: picture.frameRate,
          scaleResolutionDownBy: picture.scaleDownBy,
        }
      : { active };
    void peer.limit('camera', limits);
  }
}
