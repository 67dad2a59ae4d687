/**
 * Parts of the SDK that are loaded when they are first used: a call can begin without them.
 * @module
 */
import { clientError } from './client-error.ts';

/** Loads a part once; a failure is forgotten, so that the next use tries again. */
export function lazily<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw clientError('ERR_SDK_LOAD', 'A file of the SDK could not be loaded. Try again.', error);
    });
    return loading;
  };
}
