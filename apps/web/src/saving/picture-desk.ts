/**
 * Tells the others how large we show their pictures. One picture can be shown in several places: the
 * largest counts. Who saves data asks for less.
 * @module
 */
import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { RemotePeer, VideoSource, ViewSize } from '@parley/client';
import type { DataMode } from './data-mode.ts';

/** Where a picture is shown. */
export type Viewer = 'tile' | 'window' | 'recording';

type ShownPeer = Pick<RemotePeer, 'show'>;
type Demands = ReadonlyMap<Viewer, ViewSize>;

/** The shorter side of a small picture; the ladder of the SDK has a step of this size. */
const SMALL_SIDE = 180;

/** See the module comment. Its owner must {@link PictureDesk.close} it. */
export class PictureDesk {
  readonly #mode: ReadonlySignal<DataMode>;
  readonly #demands = new Map<ShownPeer, Map<VideoSource, Demands>>();
  readonly #undo: () => void;

  constructor(mode: ReadonlySignal<DataMode>) {
    this.#mode = mode;
    this.#undo = effect(() => {
      if (mode.value !== undefined) this.#tellAll();
    });
  }

  /** This is how large the picture is shown there, in device pixels; `undefined`: it is not. */
  show(
    peer: ShownPeer,
    source: VideoSource,
    { viewer, size }: { readonly viewer: Viewer; readonly size: ViewSize | undefined },
  ): void {
    const sources = this.#demands.get(peer) ?? new Map<VideoSource, Demands>();
    const demands = new Map(sources.get(source));
    if (size === undefined) demands.delete(viewer);
    else demands.set(viewer, size);
    if (demands.size === 0) sources.delete(source);
    else sources.set(source, demands);
    if (sources.size === 0) this.#demands.delete(peer);
    else this.#demands.set(peer, sources);
    peer.show(source, wantedSize(demands, source, this.#mode.peek()));
  }

  /** Tells nobody anything any more. Idempotent. */
  close(): void {
    this.#undo();
    this.#demands.clear();
  }

  #tellAll(): void {
    for (const [peer, sources] of this.#demands) {
      for (const [source, demands] of sources) {
        peer.show(source, wantedSize(demands, source, this.#mode.peek()));
      }
    }
  }
}

function wantedSize(demands: Demands, source: VideoSource, mode: DataMode): ViewSize | undefined {
  const sizes = [...demands.values()];
  if (sizes.length === 0 || mode === 'audio') return undefined;
  // A screen keeps its size: small text says nothing.
  const most = mode === 'low' && source === 'camera' ? SMALL_SIDE : Infinity;
  return {
    width: Math.min(most, Math.max(...sizes.map(({ width }) => width))),
    height: Math.min(most, Math.max(...sizes.map(({ height }) => height))),
  };
}
