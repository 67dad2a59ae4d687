/**
 * A way to each other that is no server: two clients of one page, and an object between them. Shows that an
 * application can bring its own signaling.
 * @module
 */
import type {
  Joined,
  JoinRequest,
  OutgoingSignal,
  PeerDescription,
  Prepared,
  ServerSignal,
  Signaling,
  SignalingEvents,
} from '@parley/client';

/** What both of them have seen. */
export interface PageCall {
  readonly frames: number;
  readonly heard: string;
  readonly left: string;
}

/** Runs in a page with the SDK in it: two clients call each other, and one leaves. */
export async function callWithinPage(): Promise<PageCall> {
  type Listeners = { [E in keyof SignalingEvents]?: (payload: SignalingEvents[E]) => void };

  class Wire implements Signaling {
    readonly connected = true;
    readonly lastError = undefined;
    readonly listeners: Listeners = {};
    self: PeerDescription | undefined;
    #seq = 0;

    on<E extends keyof SignalingEvents>(
      event: E,
      listener: (payload: SignalingEvents[E]) => void,
    ): () => void {
      Reflect.set(this.listeners, event, listener);
      return () => Reflect.deleteProperty(this.listeners, event);
    }

    connect(): void {}

    prepare(): Promise<Prepared> {
      return Promise.resolve({ ok: true, iceServers: [] });
    }

    join({ name = '' }: JoinRequest): Promise<Joined> {
      const self: PeerDescription = JSON.parse(JSON.stringify({ id: `peer-${wires.size}`, name }));
      const peers = [...wires].flatMap((wire) => wire.self ?? []);
      for (const wire of wires) wire.tell({ event: 'welcome', peer: self, offer: null });
      this.self = self;
      wires.add(this);
      return Promise.resolve({ ok: true, self, peers, iceServers: [] });
    }

    send({ event, payload, to }: OutgoingSignal): Promise<void> {
      const from = this.self?.id;
      const wire = [...wires].find(({ self }) => self?.id === to);
      if (from !== undefined) wire?.tell({ event, payload, from });
      return Promise.resolve();
    }

    leave(): Promise<void> {
      wires.delete(this);
      const peer = this.self;
      if (peer !== undefined) {
        for (const wire of wires) wire.tell({ event: 'bye', peer, reason: 'left' });
      }
      return Promise.resolve();
    }

    tell(signal: ServerSignal): void {
      this.#seq += 1;
      this.listeners.told?.({ seq: this.#seq, signal });
    }

    credentials(): Promise<Prepared> {
      return this.prepare();
    }

    resume(): Promise<never> {
      return Promise.reject(new Error('nothing breaks here'));
    }

    host(): Promise<never> {
      return Promise.reject(new Error('nobody is host here'));
    }

    check(): void {}

    farewell(): undefined {}

    close(): void {}
  }

  const wires = new Set<Wire>();
  const { createClient } = window.parley ?? {};
  if (createClient === undefined) throw new Error('The SDK is not in this page');
  const [ada, bob] = [0, 1].map(() => createClient({ signaling: () => new Wire() }));
  if (ada === undefined || bob === undefined) throw new Error('no clients');
  await ada.media.start({ camera: true });
  const hers = await ada.join('anywhere', { name: 'Ada' });
  const his = await bob.join('anywhere', { name: 'Bob' });
  const heard = new Promise<string>((resolve) => {
    hers.channel<string>('chat').on('message', ({ from, data }) => {
      resolve(`${from}: ${data}`);
    });
  });
  await his.channel<string>('chat').send('hello');
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true;
  video.srcObject = his.snapshot.peers[0]?.snapshot.stream ?? null;
  await video.play();
  const frames = await new Promise<number>((resolve) => {
    video.requestVideoFrameCallback((_now, { presentedFrames }) => resolve(presentedFrames));
  });
  const left = new Promise<string>((resolve) => {
    his.on('peerLeft', ({ peer, reason }) => resolve(`${peer.name}: ${reason}`));
  });
  await ada.close();
  const result = { frames, heard: await heard, left: await left };
  await bob.close();
  return result;
}
