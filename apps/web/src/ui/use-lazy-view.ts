/**
 * A view that lives in a chunk of its own.
 * @module
 */
import { h } from 'preact';
import type { ComponentType, FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The view: not there yet, there, or out of reach. */
export type LazyView<Props> = ComponentType<Props> | 'loading' | 'failed';

/** Fetches a view once, when the component that will show it appears. */
export function useLazyView<Props>(load: () => Promise<ComponentType<Props>>): LazyView<Props> {
  const [view, setView] = useState<LazyView<Props>>('loading');
  useEffect(() => {
    void load()
      .catch(() => 'failed' as const)
      // Wrapped, because a bare function would be taken for an update of the state.
      .then((loaded) => setView(() => loaded));
  }, [load]);
  return view;
}

/** A component that shows nothing until it has been fetched, and nothing where it cannot be. */
export function lazyView<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): FunctionComponent<Props> {
  return (props) => {
    const view = useLazyView(load);
    return typeof view === 'string' ? null : h(view, props);
  };
}
