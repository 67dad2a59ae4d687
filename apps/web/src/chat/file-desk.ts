/**
 * Files that people hand to each other during a call: what is offered, what is on its way, what came.
 * @module
 */
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { FileOffer, Files, RemotePeer } from '@parley/client';

/** How far one file is. */
export type TransferState =
  | { readonly step: 'offered' }
  | { readonly step: 'moving'; readonly bytes: number }
  | { readonly step: 'done'; readonly url: string | undefined }
  | { readonly step: 'failed' };

/** One file between me and one other person. */
export interface Transfer {
  readonly id: number;
  readonly way: 'in' | 'out';
  /** Untrusted text where the file comes in. */
  readonly name: string;
  /** Bytes; not always known. */
  readonly size: number | undefined;
  /** The other person. Untrusted text. */
  readonly person: string;
  readonly state: TransferState;
}

/** Largest file that is kept in memory: a page has no other place that every browser knows. */
const MAX_BYTES = 1024 ** 3;

/** What a desk needs of a room. */
export interface FileRoom {
  readonly files: {
    send: Files['send'];
    on(event: 'offer', listener: (offer: FileOffer) => void): () => void;
  };
  readonly snapshot: { readonly peers: readonly Pick<RemotePeer, 'id' | 'name'>[] };
}

/** The files of one call. Its owner must {@link FileDesk.close} it. */
export class FileDesk {
  readonly #transfers = signal<readonly Transfer[]>([]);
  readonly #room: FileRoom;
  readonly #onOffer: (transfer: Transfer) => void;
  readonly #offers = new Map<number, FileOffer>();
  readonly #cancels = new Map<number, AbortController>();
  readonly #undo: () => void;
  #count = 0;

  constructor(room: FileRoom, onOffer: (transfer: Transfer) => void) {
    this.#room = room;
    this.#onOffer = onOffer;
    this.#undo = room.files.on('offer', (offer) => this.#receive(offer));
  }

  /** All files of this call, oldest first. */
  get transfers(): ReadonlySignal<readonly Transfer[]> {
    return this.#transfers;
  }

  /** How many files wait for my answer. */
  readonly waiting: ReadonlySignal<number> = computed(
    () =>
      this.#transfers.value.filter(({ way, state }) => way === 'in' && state.step === 'offered')
        .length,
  );

  /** Offers files to everybody. */
  send(files: readonly File[]): void {
    for (const file of files) {
      for (const peer of this.#room.snapshot.peers) void this.#sendTo(peer, file);
    }
  }

  /** Takes an offered file. Never rejects. */
  async accept(id: number): Promise<void> {
    const offer = this.#offers.get(id);
    if (offer === undefined) return;
    this.#offers.delete(id);
    const run = async (ends: AbortSignal): Promise<string> => {
      const onProgress = this.#progressOf(id);
      return URL.createObjectURL(
        await offer.acceptBlob({ signal: ends, onProgress, maxBytes: MAX_BYTES }),
      );
    };
    await this.#carry(id, run);
  }

  /** Refuses an offered file, or ends one that is on its way. */
  cancel(id: number): void {
    const offer = this.#offers.get(id);
    this.#offers.delete(id);
    offer?.reject();
    if (offer !== undefined) this.#set(id, { step: 'failed' });
    this.#cancels.get(id)?.abort();
  }

  /** Ends everything, and gives the memory back. Idempotent. */
  close(): void {
    this.#undo();
    for (const cancel of this.#cancels.values()) cancel.abort();
    for (const { state } of this.#transfers.value) {
      if (state.step === 'done' && state.url !== undefined) URL.revokeObjectURL(state.url);
    }
  }

  async #sendTo(peer: Pick<RemotePeer, 'id' | 'name'>, file: File): Promise<void> {
    const { name, size } = file;
    const { id } = this.#add({ way: 'out', name, size, person: peer.name });
    await this.#carry(id, async (ends) => {
      await this.#room.files.send(file, {
        to: peer.id,
        signal: ends,
        onProgress: this.#progressOf(id),
      });
      return undefined;
    });
  }

  #receive(offer: FileOffer): void {
    const person = this.#room.snapshot.peers.find(({ id }) => id === offer.from)?.name ?? '';
    const transfer = this.#add({ way: 'in', name: offer.name, size: offer.size, person });
    const { id } = transfer;
    this.#offers.set(id, offer);
    offer.signal.addEventListener('abort', () => {
      if (this.#offers.delete(id)) this.#set(id, { step: 'failed' });
    });
    this.#onOffer(transfer);
  }

  async #carry(id: number, run: (ends: AbortSignal) => Promise<string | undefined>): Promise<void> {
    const cancel = new AbortController();
    this.#cancels.set(id, cancel);
    try {
      this.#set(id, { step: 'done', url: await run(cancel.signal) });
    } catch {
      this.#set(id, { step: 'failed' });
    } finally {
      this.#cancels.delete(id);
    }
  }

  #progressOf(id: number): (progress: { readonly bytes: number }) => void {
    return ({ bytes }) => this.#set(id, { step: 'moving', bytes });
  }

  #add(transfer: Omit<Transfer, 'id' | 'state'>): Transfer {
    this.#count += 1;
    const added: Transfer = { ...transfer, id: this.#count, state: { step: 'offered' } };
    this.#transfers.value = [...this.#transfers.value, added];
    return added;
  }

  #set(id: number, state: TransferState): void {
    this.#transfers.value = this.#transfers.value.map((transfer) =>
      transfer.id === id ? { ...transfer, state } : transfer,
    );
  }
}
