/**
 * Notices that this device is too busy for the pictures it sends.
 * @module
 */
import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { Observable, RemotePeer } from '@parley/client';
import { blurState } from '../media/blur-state.ts';

/** A peer, as far as it is needed. */
interface BusyPeer {
  readonly link: Observable<Pick<RemotePeer['link']['snapshot'], 'limitedBy'>>;
}

/** What is watched, and who hears of it. */
export interface WatchBusyOptions {
  readonly peers: ReadonlySignal<{ readonly peers: readonly BusyPeer[] }>;
  readonly onBusy: () => void;
  /** Calls `run` once, later; the returned function cancels that. */
  readonly setTimer?: (run: () => void, ms: number) => () => void;
}

/** Shorter than this is no trouble; after six seconds the SDK makes the picture smaller. */
export const BUSY_MS = 5000;

/** Calls `onBusy` once the processor has held pictures back for {@link BUSY_MS}, or has had too much to do. */
export function watchBusy({ peers, onBusy, setTimer = later }: WatchBusyOptions): () => void {
  let cancel: (() => void) | undefined;
  const calm = (): void => {
    cancel?.();
    cancel = undefined;
  };
  const stop = effect(() => {
    const present = peers.value.peers;
    const look = (): void => {
      const isBusy = present.some(({ link }) => link.snapshot.limitedBy === 'cpu');
      if (!isBusy && blurState.value !== 'slow') calm();
      else cancel ??= setTimer(onBusy, BUSY_MS);
    };
    const undo = present.map(({ link }) => link.subscribe(look));
    look();
    return () => {
      for (const end of undo) end();
    };
  });
  return () => {
    stop();
    calm();
  };
}

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
