import { createHash, randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Line, people, workUntil } from '../../test/fakes/people.ts';
import type { Person } from '../../test/fakes/people.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import type { FileOffer, SendFileOptions } from './file-transfer.ts';
import { RoomFiles } from './room-files.ts';

const MEGABYTE = 1024 * 1024;

/** Two people who are connected, and what one of them is offered. */
class Scene {
  readonly ada: Person;
  readonly bob: Person;
  readonly line: Line;
  readonly files: RoomFiles;
  readonly offers: FileOffer[] = [];

  constructor(takesFiles = true) {
    [this.ada, this.bob] = people();
    this.line = new Line(this.ada, this.bob);
    this.line.connect();
    this.files = new RoomFiles(this.ada.channels, SILENT_LOGGER);
    if (takesFiles) {
      const files = new RoomFiles(this.bob.channels, SILENT_LOGGER);
      files.on('offer', (offer) => this.offers.push(offer));
    }
  }

  send(
    file: Blob | ReadableStream<Uint8Array>,
    options: Omit<SendFileOptions, 'to'> = {},
  ): Promise<unknown> {
    const sending = this.files.send(file, { to: this.bob.id, ...options });
    sending.catch(() => {});
    return sending;
  }

  /** The next offer, after it has come. */
  async offer(): Promise<FileOffer> {
    for (;;) {
      const offer = this.offers.shift();
      if (offer !== undefined) return offer;
      await workUntil(this.line, Promise.resolve());
    }
  }

  work<Value>(promise: Promise<Value>): Promise<Value> {
    return workUntil(this.line, promise);
  }
}

/** A target that remembers what became of it. */
class Target {
  readonly chunks: Uint8Array[] = [];
  readonly ends: unknown[] = [];
  readonly stream: WritableStream<Uint8Array<ArrayBuffer>>;

  constructor(write: (bytes: number) => Promise<void> | void = () => {}) {
    this.stream = new WritableStream({
      write: async (chunk) => {
        this.chunks.push(chunk);
        await write(this.bytes);
      },
      close: () => void this.ends.push('closed'),
      abort: (reason) => void this.ends.push(reason),
    });
  }

  get bytes(): number {
    return this.chunks.reduce((sum, { length }) => sum + length, 0);
  }
}

/** A stream without end that counts what it has given. */
function endless(): { readonly stream: ReadableStream<Uint8Array>; readonly given: () => number } {
  let given = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        given += MEGABYTE;
        controller.enqueue(new Uint8Array(MEGABYTE));
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, given: () => given };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function coded(code: string): unknown {
  return expect.objectContaining({ name: 'ParleyError', code });
}

describe('a file', () => {
  it('is offered with its name, type and size, and arrives as it was', async () => {
    const scene = new Scene();
    const bytes = randomBytes(3 * MEGABYTE + 5);
    const progress: number[] = [];
    const file = new File([bytes], 'a.bin', { type: 'application/x-test' });
    const sending = scene.send(file, { onProgress: (at) => progress.push(at.bytes) });
    const offer = await scene.offer();
    expect(offer).toMatchObject({
      from: scene.ada.id,
      name: 'a.bin',
      type: 'application/x-test',
      size: bytes.length,
    });
    const target = new Target();
    const seen: number[] = [];
    const receiving = offer.accept(target.stream, { onProgress: (at) => seen.push(at.bytes) });
    const result = { bytes: bytes.length, sha256: sha256(bytes) };
    expect(await scene.work(Promise.all([sending, receiving]))).toEqual([result, result]);
    expect(Buffer.concat(target.chunks).equals(bytes)).toBe(true);
    expect(target.ends).toEqual(['closed']);
    offer.reject(); // too late
    expect(offer.signal.aborted).toBe(false);
    for (const steps of [progress, seen]) {
      expect(steps).toEqual(steps.toSorted((a, b) => a - b));
      expect(steps.at(-1)).toBe(bytes.length);
      expect(steps.length).toBeGreaterThan(5);
    }
  });

  it('may be empty, a stream, and nameless', async () => {
    const scene = new Scene();
    const sending = scene.send(new Blob([]).stream());
    const offer = await scene.offer();
    expect(offer).toMatchObject({ name: 'file', type: '', size: undefined });
    const blob = await scene.work(offer.acceptBlob());
    expect(blob.size).toBe(0);
    expect(await scene.work(sending)).toEqual({ bytes: 0, sha256: sha256(Buffer.alloc(0)) });
  });

  it('arrives as a Blob of its type', async () => {
    const scene = new Scene();
    const sending = scene.send(new Blob(['hello'], { type: 'text/plain' }), { name: 'hi.txt' });
    const blob = await scene.work((await scene.offer()).acceptBlob());
    expect([await blob.text(), blob.type]).toEqual(['hello', 'text/plain']);
    await scene.work(sending);
  });

  it('is not larger than what a Blob may be, whatever the sender says', async () => {
    const scene = new Scene();
    const tooLarge = coded('ERR_FILE_SIZE');
    for (const file of [new Blob(['hello']), new Blob(['hello']).stream()]) {
      const sending = scene.send(file);
      const receiving = (await scene.offer()).acceptBlob({ maxBytes: 4 });
      await expect(scene.work(receiving)).rejects.toEqual(tooLarge);
      await expect(scene.work(sending)).rejects.toEqual(tooLarge);
    }
  });

  it('arrives unharmed over connections that are replaced again and again', async () => {
    const scene = new Scene();
    const bytes = randomBytes(12 * MEGABYTE);
    const sending = scene.send(new Blob([bytes]));
    const target = new Target();
    const receiving = (await scene.offer()).accept(target.stream);
    let rebuilds = 0;
    // What has been sent since the line flowed is lost each time.
    const both = workUntil(scene.line, Promise.all([sending, receiving]), () => {
      rebuilds += 1;
      scene.line.connect();
    });
    const result = { bytes: bytes.length, sha256: sha256(bytes) };
    expect(await both).toEqual([result, result]);
    expect(target.bytes).toBe(bytes.length);
    expect(rebuilds).toBeGreaterThan(5);
  });

  it('is read no faster than the receiver stores it', async () => {
    const scene = new Scene();
    const { stream, given } = endless();
    const controller = new AbortController();
    const sending = scene.send(stream, { signal: controller.signal });
    const target = new Target((bytes) =>
      bytes < 2 * MEGABYTE ? undefined : new Promise<void>(() => {}),
    );
    const receiving = (await scene.offer()).accept(target.stream);
    receiving.catch(() => {});
    for (let round = 0; round < 50; round += 1) await workUntil(scene.line, settle());
    expect(target.bytes).toBeLessThan(3 * MEGABYTE);
    expect(given()).toBeGreaterThan(5 * MEGABYTE);
    expect(given()).toBeLessThan(9 * MEGABYTE);
    controller.abort(new Error('enough'));
    await expect(scene.work(sending)).rejects.toThrow('enough');
    await expect(scene.work(receiving)).rejects.toEqual(coded('ERR_FILE_CANCELLED'));
  });

  it('travels together with others', async () => {
    const scene = new Scene();
    const files = [1, 2, 3].map((number) => new Blob([Buffer.alloc(MEGABYTE, number)]));
    const sending = Promise.all(files.map((file) => scene.send(file)));
    const offers = [await scene.offer(), await scene.offer(), await scene.offer()];
    const blobs = await scene.work(Promise.all(offers.map((offer) => offer.acceptBlob())));
    for (const [index, blob] of blobs.entries()) {
      const bytes = Buffer.from(await blob.arrayBuffer());
      expect(bytes.equals(Buffer.alloc(MEGABYTE, index + 1))).toBe(true);
    }
    await scene.work(sending);
  });
});

describe('a transfer ends before its time', () => {
  it('when the receiver says no', async () => {
    const scene = new Scene();
    const { stream } = endless();
    const sending = scene.send(stream);
    const offer = await scene.offer();
    offer.reject();
    expect(offer.signal.aborted).toBe(true);
    await expect(scene.work(sending)).rejects.toEqual(coded('ERR_FILE_REJECTED'));
    expect((await stream.getReader().read()).done).toBe(true);
    await expect(offer.accept(new Target().stream)).rejects.toEqual(coded('ERR_FILE_REJECTED'));
  });

  it('when the sender takes the offer back', async () => {
    const scene = new Scene();
    const controller = new AbortController();
    const { signal } = controller;
    const sending = scene.send(new Blob(['x']), { signal });
    const offer = await scene.offer();
    const reason = new Error('wrong file');
    controller.abort(reason);
    await expect(sending).rejects.toBe(reason);
    scene.line.flow();
    await settle();
    expect(offer.signal.reason).toEqual(coded('ERR_FILE_CANCELLED'));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect(scene.send(new Blob(['x']), { signal })).rejects.toBe(reason);
  });

  it('when the receiver cancels in the middle', async () => {
    const scene = new Scene();
    const sending = scene.send(endless().stream);
    const controller = new AbortController();
    const reason = new Error('disk too small');
    const target = new Target((bytes) => {
      if (bytes > MEGABYTE) controller.abort(reason);
    });
    const receiving = (await scene.offer()).accept(target.stream, { signal: controller.signal });
    await expect(scene.work(receiving)).rejects.toBe(reason);
    expect(target.ends).toEqual([reason]);
    await expect(scene.work(sending)).rejects.toEqual(coded('ERR_FILE_CANCELLED'));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('when the file cannot be stored', async () => {
    const scene = new Scene();
    const sending = scene.send(endless().stream);
    const cause = new Error('disk full');
    const target = new Target((bytes) =>
      bytes > MEGABYTE ? Promise.reject(cause) : Promise.resolve(),
    );
    const receiving = (await scene.offer()).accept(target.stream);
    await expect(scene.work(receiving)).rejects.toMatchObject({ code: 'ERR_FILE_WRITE', cause });
    await expect(scene.work(sending)).rejects.toEqual(coded('ERR_FILE_WRITE'));
  });

  it('when the file cannot be read', async () => {
    const scene = new Scene();
    const cause = new Error('removed');
    const stream = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(cause) });
    const sending = scene.send(stream);
    const target = new Target();
    const receiving = (await scene.offer()).accept(target.stream);
    receiving.catch(() => {});
    await expect(scene.work(sending)).rejects.toMatchObject({ code: 'ERR_FILE_READ', cause });
    await expect(scene.work(receiving)).rejects.toEqual(coded('ERR_FILE_READ'));
    expect(target.ends).toEqual([coded('ERR_FILE_READ')]);
  });

  it('when the stream is shorter than the sender has said', async () => {
    const scene = new Scene();
    const sending = scene.send(new Blob(['hello']).stream(), { size: 6 });
    const receiving = (await scene.offer()).accept(new Target().stream);
    receiving.catch(() => {});
    await expect(scene.work(sending)).rejects.toEqual(coded('ERR_FILE_READ'));
    await expect(scene.work(receiving)).rejects.toEqual(coded('ERR_FILE_READ'));
  });

  it('when one of them leaves', async () => {
    const scene = new Scene();
    const [sending, waiting] = [scene.send(endless().stream), scene.send(new Blob(['x']))];
    const target = new Target();
    const receiving = (await scene.offer()).accept(target.stream);
    receiving.catch(() => {});
    const pending = await scene.offer();
    scene.ada.part(scene.bob);
    const left = coded('ERR_PEER_LEFT');
    await expect(sending).rejects.toEqual(left);
    await expect(waiting).rejects.toEqual(left);
    await expect(scene.send(new Blob(['x']))).rejects.toEqual(coded('ERR_PEER_UNKNOWN'));
    scene.bob.leave();
    await expect(receiving).rejects.toEqual(coded('ERR_CHANNEL_CLOSED'));
    expect(target.ends).toEqual([coded('ERR_CHANNEL_CLOSED')]);
    expect(pending.signal.aborted).toBe(true);
  });

  it('when the page of the other side takes no files', async () => {
    const scene = new Scene(false);
    const unsupported = coded('ERR_FILE_UNSUPPORTED');
    await expect(scene.work(scene.send(new Blob(['x'])))).rejects.toEqual(unsupported);
    // It sends files itself, but nobody waits for offers there.
    const other = new RoomFiles(scene.bob.channels, SILENT_LOGGER);
    await expect(scene.work(scene.send(new Blob(['x'])))).rejects.toEqual(unsupported);
    other.on('offer', (offer) => offer.reject());
    const rejected = coded('ERR_FILE_REJECTED');
    await expect(scene.work(scene.send(new Blob(['x'])))).rejects.toEqual(rejected);
  });

  it('when it is accepted twice, but only the second time', async () => {
    const scene = new Scene();
    const sending = scene.send(new Blob(['x']));
    const offer = await scene.offer();
    const receiving = offer.accept(new Target().stream);
    await expect(offer.accept(new Target().stream)).rejects.toThrow(TypeError);
    await scene.work(Promise.all([sending, receiving]));
  });
});
