/**
 * Bridge from the SDK to the view: an observable object becomes a signal.
 * @module
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { Observable } from '@parley/client';

/** The snapshot of `source` as a signal, kept up to date for as long as `source` lives. */
export function observe<Snapshot>(source: Observable<Snapshot>): ReadonlySignal<Snapshot> {
  const snapshot = signal(source.snapshot);
  source.subscribe(() => {
    snapshot.value = source.snapshot;
  });
  return snapshot;
}
