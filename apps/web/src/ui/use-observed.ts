/**
 * Bridge from the SDK to one component: watched while the component is shown, and no longer. For
 * what costs something to measure.
 * @module
 */
import type { Observable } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';

/**
 * What `read` finds in the snapshot of `source`; `undefined` without a source. The component is drawn
 * again only when that has changed. `read` must be the same function every time.
 */
export function useObserved<Snapshot, Value>(
  source: Observable<Snapshot> | undefined,
  read: (snapshot: Snapshot) => Value,
): Value | undefined {
  const [value, setValue] = useState(() => source && read(source.snapshot));
  useEffect(() => {
    const update = (): void => setValue(() => source && read(source.snapshot));
    update();
    return source?.subscribe(update);
  }, [source, read]);
  return value;
}
