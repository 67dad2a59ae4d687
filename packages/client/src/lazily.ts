/**
 * Parts of the SDK that are loaded when they are first used: a call can begin without them.
 * @module
 */
import { clientError } from './client-error.ts';

/** Waits for a part. Rejects with a ParleyError `ERR_SDK_LOAD`. */
export async function loadPart<Part>(loading: Promise<Part>): Promise<Part> {
  try {
    return await loading;
  } catch (error) {
    throw clientError('ERR_SDK_LOAD', 'A file of the SDK did not load. Try again.', error);
  }
}

/** Loads a part once; a failure is forgotten, so that the next use tries again. */
export function lazily<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined;
  return () => {
    loading ??= loadPart(load()).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
