/**
 * What an application sees of file transfers.
 * @module
 */
import type { PeerId } from '@parley/protocol';

/** How far a transfer has got. */
export interface FileProgress {
  /** Bytes the receiver has stored. */
  readonly bytes: number;
  /** All bytes, where they are known. */
  readonly size: number | undefined;
}

/** What has been transferred. */
export interface FileResult {
  readonly bytes: number;
  /** Checksum in hexadecimal; both sides have found the same one. */
  readonly sha256: string;
}

/** How to send a file. What a `File` knows of itself need not be said. */
export interface SendFileOptions {
  readonly to: PeerId;
  /** @default the name of the `File`, or 'file' */
  readonly name?: string;
  /** MIME type. @default that of the `Blob`, or '' */
  readonly type?: string;
  /** Bytes of a stream, where they are known. */
  readonly size?: number;
  /** Cancels the transfer; `send` rejects with the reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
}

/** How to receive a file. */
export interface ReceiveFileOptions {
  /** Cancels the transfer; `accept` rejects with the reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
}

/** How to receive a file into memory. */
export interface ReceiveBlobOptions extends ReceiveFileOptions {
  /** A larger file is refused with `ERR_FILE_SIZE`. @default 104857600 (100 MiB) */
  readonly maxBytes?: number;
}

/** A file that somebody wants to send to us. */
export interface FileOffer {
  readonly from: PeerId;
  /** Untrusted, but without anything that could be part of a path. */
  readonly name: string;
  /** MIME type, as the sender claims; may be empty. */
  readonly type: string;
  /** Bytes, where the sender knows. */
  readonly size: number | undefined;
  /** Aborted when it ends before its time: rejected, cancelled by either side, or the sender has left. */
  readonly signal: AbortSignal;
  /**
   * Receives the file as fast as `target` takes it, and closes `target` when the checksum is right.
   * Rejects with a ParleyError, or with the reason of `options.signal`; `target` is aborted then.
   */
  accept(
    target: WritableStream<Uint8Array<ArrayBuffer>>,
    options?: ReceiveFileOptions,
  ): Promise<FileResult>;
  /** Receives a small file as a Blob. Rejects as `accept` does. */
  acceptBlob(options?: ReceiveBlobOptions): Promise<Blob>;
  /** Says no. Ignored when it is over. */
  reject(): void;
}

/** What `room.files` tells. */
export interface FilesEvents {
  /** Somebody wants to send a file. The sender waits until it is accepted or rejected. */
  offer: FileOffer;
}

/** Files from and to the people in a room. */
export interface Files {
  /**
   * Offers a file to one person and sends it when they accept. Resolves when they have stored it and
   * found the right checksum. Rejects with a ParleyError, or with the reason of `options.signal`.
   */
  send(file: Blob | ReadableStream<Uint8Array>, options: SendFileOptions): Promise<FileResult>;
  on<E extends keyof FilesEvents>(
    event: E,
    listener: (payload: FilesEvents[E]) => void,
  ): () => void;
}
