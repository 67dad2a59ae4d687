import type { FileOffer } from '@parley/client';
import { describe, expect, it } from 'vitest';
import { isPeerId } from '../room/fake-tool-room.ts';
import { FileDesk } from './file-desk.ts';
import type { FileRoom } from './file-desk.ts';

type Listener = (offer: FileOffer) => void;

/** A room with Bob in it; the test decides what becomes of each file. */
function deskOf(send: FileRoom['files']['send']): { desk: FileDesk; offer: Listener } {
  const listeners = new Set<Listener>();
  const desk = new FileDesk(
    {
      snapshot: { peers: [{ id: bob(), name: 'Bob' }] },
      files: {
        send,
        on: (_event, listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    },
    () => undefined,
  );
  return {
    desk,
    offer: (offer) => {
      for (const listener of listeners) listener(offer);
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FileDesk', () => {
  it('tells how far a file is that goes out, and ends it when the person wants that', async () => {
    const { desk } = deskOf(async (_file, { signal, onProgress }) => {
      onProgress?.({ bytes: 5, size: 10 });
      await new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('cancelled')));
      });
      return { bytes: 10, sha256: '' };
    });
    desk.send([new File(['0123456789'], 'plan.txt')]);
    const [transfer] = desk.transfers.value;
    expect(transfer).toMatchObject({ way: 'out', name: 'plan.txt', size: 10, person: 'Bob' });
    expect(transfer?.state).toEqual({ step: 'moving', bytes: 5 });
    desk.cancel(transfer?.id ?? 0);
    await settle();
    expect(desk.transfers.value[0]?.state).toEqual({ step: 'failed' });
  });

  it('asks before it takes a file, and tells when it is there', async () => {
    const { desk, offer } = deskOf(() => Promise.reject(new Error('unused')));
    const refused: string[] = [];
    const offered = (name: string): FileOffer => ({
      from: bob(),
      name,
      type: '',
      size: 3,
      signal: new AbortController().signal,
      accept: () => Promise.reject(new Error('unused')),
      acceptBlob: () => Promise.resolve(new Blob(['abc'])),
      reject: () => refused.push(name),
    });
    offer(offered('wanted.txt'));
    offer(offered('unwanted.txt'));
    const [wanted, unwanted] = desk.transfers.value;
    expect(wanted?.state.step).toBe('offered');
    expect(desk.waiting.value).toBe(2);
    await desk.accept(wanted?.id ?? 0);
    desk.cancel(unwanted?.id ?? 0);
    expect(desk.waiting.value).toBe(0);
    expect(refused).toEqual(['unwanted.txt']);
    expect(desk.transfers.value.map(({ state }) => state.step)).toEqual(['done', 'failed']);
    desk.close();
  });
});

function bob(): FileOffer['from'] {
  const id = 'bob';
  if (!isPeerId(id)) throw new Error('no id');
  return id;
}
