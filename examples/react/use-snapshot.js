/**
 * All that React needs to know of the SDK: every object has a `snapshot`, which is the same object for as
 * long as nothing has changed, and `subscribe`, which returns its undo.
 */
import { useCallback, useSyncExternalStore } from 'react';

/** The snapshot of a client's slot, a room, a peer or a link; renders again when it changes. */
export function useSnapshot(observable) {
  const subscribe = useCallback((onChange) => observable.subscribe(onChange), [observable]);
  const read = () => observable.snapshot;
  return useSyncExternalStore(subscribe, read, read);
}
