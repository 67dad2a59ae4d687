/**
 * What the page and the worker that blurs tell each other.
 * @module
 */

/** From the page. Pictures come one by one, or in a stream where the browser has streams of them. */
export type BlurOrder =
  | {
      readonly type: 'stream';
      readonly readable: ReadableStream<VideoFrame>;
      readonly writable: WritableStream<VideoFrame>;
    }
  | { readonly type: 'picture'; readonly image: ImageBitmap }
  | { readonly type: 'close' };

/** From the worker. `ready` or `failed` come once and first; `broken` is the end. */
export type BlurReport =
  | { readonly type: 'ready' | 'failed' | 'slow' | 'broken' }
  | { readonly type: 'picture'; readonly image: ImageBitmap };
