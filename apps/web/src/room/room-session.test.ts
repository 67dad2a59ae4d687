import type {
  Client,
  LocalMedia,
  PeerId,
  Room,
  RoomEvents,
  Slot,
  SlotSnapshot,
  Source,
} from '@parley/client';
import { ParleyError } from '@parley/client';
import { beforeEach, describe, expect, it } from 'vitest';
import { RoomSession } from './room-session.ts';

const OFF: SlotSnapshot = {
  state: 'off',
  muted: false,
  track: undefined,
  stream: undefined,
  deviceId: undefined,
  error: undefined,
};

/** The least an observable of the SDK does. */
class Cell<Value> {
  snapshot: Value;
  readonly #watchers: (() => void)[] = [];

  constructor(snapshot: Value) {
    this.snapshot = snapshot;
  }

  subscribe(watcher: () => void): () => void {
    this.#watchers.push(watcher);
    return () => undefined;
  }

  set(change: Partial<Value>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

class FakeSlot extends Cell<SlotSnapshot> implements Slot {
  readonly source: Source;
  readonly calls: string[] = [];

  constructor(source: Source) {
    super(OFF);
    this.source = source;
  }

  async on(): Promise<void> {
    this.calls.push('on');
    this.set({ state: 'live' });
  }

  async off(): Promise<void> {
    this.calls.push('off');
    this.set({ state: 'off' });
  }

  async use(deviceId: string): Promise<void> {
    this.calls.push(`use ${deviceId}`);
  }

  setMuted(muted: boolean): void {
    this.set({ muted });
  }
}

function isPeerId(text: string): text is PeerId {
  return text !== '';
}

function peerId(text: string): PeerId {
  if (!isPeerId(text)) throw new Error('no id');
  return text;
}

class FakeRoom extends Cell<Room['snapshot']> implements Room {
  readonly name = 'daily';
  readonly self: Room['self'];
  readonly #listeners: { [E in keyof RoomEvents]: ((payload: RoomEvents[E]) => void)[] } = {
    peer: [],
    peerLeft: [],
    closed: [],
  };

  constructor(self: Room['self']) {
    super({ state: 'connected', closeReason: undefined, peers: [] });
    this.self = self;
  }

  on<E extends keyof RoomEvents>(event: E, listener: (payload: RoomEvents[E]) => void): () => void {
    this.#listeners[event].push(listener);
    return () => undefined;
  }

  channel(): never {
    throw new Error('the app opens no channels');
  }

  hintNetworkChange(): void {}

  async leave(): Promise<void> {
    this.end('left');
  }

  end(reason: 'left' | 'lost'): void {
    this.set({ state: 'closed', closeReason: reason });
    for (const listener of this.#listeners.closed) listener({ reason });
  }
}

class FakeClient implements Client {
  readonly camera = new FakeSlot('camera');
  readonly microphone = new FakeSlot('microphone');
  readonly joins: unknown[] = [];
  refusal: Error | undefined;
  prepared: Promise<void> = Promise.resolve();
  isClosed = false;
  room: FakeRoom | undefined;
  readonly media: LocalMedia = {
    camera: this.camera,
    microphone: this.microphone,
    devices: Object.assign(new Cell({ cameras: [], microphones: [], speakers: [] }), {
      refresh: () => Promise.resolve(),
    }),
    start: async (want) => {
      if (want.camera) await this.camera.on();
      if (want.microphone) await this.microphone.on();
    },
  };

  prepare(): Promise<void> {
    return this.prepared;
  }

  async join(room: string, options?: Parameters<Client['join']>[1]): Promise<Room> {
    this.joins.push([room, options?.name]);
    if (this.refusal !== undefined) throw this.refusal;
    const { camera, microphone } = this;
    this.room = new FakeRoom({ id: peerId('me'), name: '', camera, microphone });
    return this.room;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

let client: FakeClient;
let stored: Map<string, string>;
let session: RoomSession;

function open(): RoomSession {
  return new RoomSession({
    roomName: 'daily',
    client,
    preferences: {
      read: (preference) => stored.get(preference),
      write: (preference, value) => void stored.set(preference, value),
    },
  });
}

beforeEach(() => {
  client = new FakeClient();
  stored = new Map();
  session = open();
});

describe('arriving', () => {
  it('starts both devices', async () => {
    await session.arrive();
    expect(session.camera.value.state).toBe('live');
    expect(session.microphone.value.state).toBe('live');
  });

  it('chooses the devices of the last visit before it opens them', async () => {
    await session.chooseDevice('camera', 'desk');
    client = new FakeClient();
    await open().arrive();
    expect(client.camera.calls).toEqual(['use desk', 'on']);
    expect(client.microphone.calls).toEqual(['on']);
  });

  it('does not mind a server that cannot be reached yet', async () => {
    client.prepared = Promise.reject(new Error('offline'));
    await expect(session.arrive()).resolves.toBeUndefined();
    expect(session.stage.value).toEqual({ name: 'lobby', problem: undefined });
  });
});

describe('joining', () => {
  it('goes through joining into the call, and remembers the name', async () => {
    const stages: string[] = [];
    session.stage.subscribe((stage) => stages.push(stage.name));
    await session.join('Ada');
    expect(stages).toEqual(['lobby', 'joining', 'call']);
    expect(client.joins).toEqual([['daily', 'Ada']]);
    expect(open().rememberedName).toBe('Ada');
  });

  it('joins once, however often the button is pressed', async () => {
    await Promise.all([session.join('Ada'), session.join('Ada')]);
    await session.join('Ada');
    expect(client.joins).toHaveLength(1);
  });

  it('comes back to the lobby with the reason when it is refused, and can try again', async () => {
    client.refusal = new ParleyError('ERR_ROOM_FULL', 'full');
    await session.join('Ada');
    expect(session.stage.value).toMatchObject({
      name: 'lobby',
      problem: { title: 'join.full.title' },
    });
    client.refusal = undefined;
    await session.join('Ada');
    expect(session.stage.value.name).toBe('call');
  });
});

describe('leaving', () => {
  it('turns the devices off', async () => {
    await session.arrive();
    await session.join('Ada');
    await session.leave();
    expect(session.stage.value).toEqual({ name: 'left', reason: 'left' });
    expect(session.camera.value.state).toBe('off');
    expect(session.microphone.value.state).toBe('off');
  });

  it('tells a lost call from one that was left', async () => {
    await session.join('Ada');
    client.room?.end('lost');
    expect(session.stage.value).toEqual({ name: 'left', reason: 'lost' });
  });

  it('rejoins under the same name with the devices that were on, and no others', async () => {
    await session.arrive();
    await session.toggleCamera();
    await session.join('Ada');
    await session.leave();
    await session.rejoin();
    expect(session.stage.value.name).toBe('call');
    expect(client.joins).toEqual([
      ['daily', 'Ada'],
      ['daily', 'Ada'],
    ]);
    expect(session.camera.value.state).toBe('off');
    expect(session.microphone.value.state).toBe('live');
  });

  it('closes the client when the visit ends', async () => {
    await session.close();
    expect(client.isClosed).toBe(true);
  });
});

describe('switches', () => {
  it('mutes and unmutes without closing the microphone', async () => {
    await session.arrive();
    await session.toggleMicrophone();
    expect(session.microphone.value).toMatchObject({ state: 'live', muted: true });
    await session.toggleMicrophone();
    expect(session.microphone.value).toMatchObject({ state: 'live', muted: false });
    expect(client.microphone.calls).toEqual(['on']);
  });

  it('opens a microphone that is off, and lets it be heard', async () => {
    client.microphone.set({ muted: true });
    await session.toggleMicrophone();
    expect(session.microphone.value).toMatchObject({ state: 'live', muted: false });
  });

  it('stops the camera and opens it again', async () => {
    await session.toggleCamera();
    await session.toggleCamera();
    await session.toggleCamera();
    expect(client.camera.calls).toEqual(['on', 'off', 'on']);
  });

  it('waits for a device that is starting', async () => {
    client.camera.set({ state: 'starting' });
    client.microphone.set({ state: 'starting' });
    await session.toggleCamera();
    await session.toggleMicrophone();
    expect([...client.camera.calls, ...client.microphone.calls]).toEqual([]);
    expect(session.microphone.value.muted).toBe(false);
  });
});
