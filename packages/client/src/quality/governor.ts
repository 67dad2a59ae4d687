/**
 * The governor of a room: looks at every connection now and then, and divides the uplink anew when
 * people come and go, show our picture larger or smaller, or the network or the processor changes.
 * Only the rim: what is to be done is decided in `plan-uplink`, `uplink-budget` and `strain`.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Logger } from '../logger.ts';
import { SOURCES } from '../media/source.ts';
import type { BySource } from '../media/source.ts';
import type { TrackSource } from '../media/track-source.ts';
import type { Observable } from '../observable.ts';
import type { LinkSnapshot } from '../peer/link-status.ts';
import type { MeshPeer } from '../peer/mesh-peer.ts';
import type { SendLimits } from '../peer/send-track.ts';
import type { SetTimer } from '../platform.ts';
import type { CameraFormat } from './ladder.ts';
import { readPathStats } from './path-stats.ts';
import type { PathStats } from './path-stats.ts';
import { MAX_STRAIN, SOUND_BITRATE, planUplink } from './plan-uplink.ts';
import type { Allotment } from './plan-uplink.ts';
import { NO_REDUNDANCY, knowsRedundancy, nextRedundancy } from './redundancy.ts';
import type { Redundancy } from './redundancy.ts';
import { NO_STRAIN, nextStrain } from './strain.ts';
import type { Strain } from './strain.ts';
import { nextBudget, startBudget } from './uplink-budget.ts';
import type { UplinkBudget } from './uplink-budget.ts';

/** A peer as the governor needs it. */
export type GovernedPeer = Pick<MeshPeer, 'id' | 'connection' | 'views' | 'limit' | 'sendTwice'> & {
  readonly link: Pick<MeshPeer['link'], 'heldBackBy'> & {
    readonly snapshot: Pick<LinkSnapshot, 'state'>;
  };
};

/** What a governor works with. */
export interface GovernorOptions {
  /** Changes when people come and go. */
  readonly room: Pick<Observable<object>, 'subscribe'>;
  /** Everybody else in the room now. */
  readonly peers: () => Iterable<GovernedPeer>;
  readonly sources: BySource<TrackSource>;
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
  readonly redundancy: Redundancy;
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
    const { room, sources, maxUplinkBitrate, signal } = options;
    this.#options = options;
    this.#budget = startBudget(maxUplinkBitrate);
    if (signal.aborted) return; // the room was left while this was loaded
    const watched = [room, ...SOURCES.map((source) => sources[source])];
    const undo = watched.map((one) => one.subscribe(() => this.replan()));
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
      const isSame = before?.connection === connection;
      const stats = readPathStats(report.values());
      this.#paths.set(id, {
        connection,
        looks: isSame ? before.looks + 1 : 1,
        stats,
        redundancy: nextRedundancy(isSame ? before.redundancy : NO_REDUNDANCY, stats.soundLoss),
      });
    } catch (error) {
      this.#options.logger.debug('no statistics', { peer: id, error });
    }
  }

  #judge(): void {
    const { maxUplinkBitrate, logger } = this.#options;
    const paths = [...this.#paths].map(([id, { looks, stats }]) => {
      const given = this.#allotments.get(id);
      return {
        available: stats.available,
        allotted: given === undefined ? 0 : given.sound + given.screen + given.picture.bitrate,
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
    // Whoever cannot be reached for long leaves the uplink to the others.
    const peers = [...this.#options.peers()].filter(({ link }) => link.snapshot.state !== 'lost');
    const { screen, screenSound } = this.#options.sources;
    this.#allotments = planUplink({
      budget: this.#budget.bitrate,
      strain: this.#strain.level,
      camera: this.#cameraFormat(),
      screen: {
        picture: screen.snapshot.track !== undefined,
        sound: screenSound.snapshot.track !== undefined,
      },
      peers: peers.map(({ id, views }) => ({
        id,
        view: views.get('camera'),
        available: this.#settledEstimate(id),
        isScreenHidden: views.get('screen')?.width === 0,
        isLossy: this.#paths.get(id)?.redundancy.wanted === true,
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
    const { track } = this.#options.sources.camera.snapshot;
    if (track === undefined) return undefined;
    const { width, height, frameRate } = track.getSettings();
    return {
      width: width ?? USUAL_CAMERA.width,
      height: height ?? USUAL_CAMERA.height,
      frameRate: frameRate ?? USUAL_CAMERA.frameRate,
    };
  }

  #apply(peer: GovernedPeer, { sound, isTwice, screen, picture, limitedBy }: Allotment): void {
    const { sources } = this.#options;
    peer.link.heldBackBy = limitedBy;
    const maxBitrate = sound - SOUND_OVERHEAD;
    void peer.limit('microphone', { maxBitrate, priority: 'high' });
    peer.sendTwice(isTwice && knowsRedundancy(peer.connection.remoteDescription?.sdp));
    if (sources.screenSound.snapshot.track !== undefined) {
      void peer.limit('screenSound', { maxBitrate });
    }
    if (sources.screen.snapshot.track !== undefined) {
      void peer.limit('screen', within(screen, { maxBitrate: screen }));
    }
    if (sources.camera.snapshot.track === undefined) return;
    const { bitrate, frameRate, scaleDownBy } = picture;
    const limits = {
      maxBitrate: bitrate,
      maxFramerate: frameRate,
      scaleResolutionDownBy: scaleDownBy,
    };
    void peer.limit('camera', within(bitrate, limits));
  }
}

/** Firefox refuses a maximum of 0. */
function within(bitrate: number, limits: SendLimits): SendLimits {
  return bitrate > 0 ? { active: true, ...limits } : { active: false };
}
