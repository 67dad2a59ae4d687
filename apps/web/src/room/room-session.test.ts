import type {
  Client,
  DeviceSource,
  LocalMedia,
  PeerId,
  Room,
  RoomEvents,
  ScreenSlot,
  ScreenSnapshot,
  Slot,
  SlotSnapshot,
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
  readonly source: DeviceSource;
  readonly calls: string[] = [];

  constructor(source: DeviceSource) {
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

  async transform(): Promise<void> {
    this.calls.push('transform');
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
  readonly activeSpeaker: Room['activeSpeaker'] = new Cell({ peer: undefined });
  readonly #listeners: { [E in keyof RoomEvents]: ((payload: RoomEvents[E]) => void)[] } = {
    peer: [],
    peerLeft: [],
    closed: [],
    knock: [],
    muteRequest: [],
  };

  constructor(self: Room['self']) {
    super({ state: 'connected', closeReason: undefined, peers: [], door: undefined });
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

  readonly session = 'a session';

  get host(): never {
    throw new Error('the session does nothing as a host');
  }

  get files(): never {
    throw new Error('the app sends no files');
  }

  handle(): never {
    throw new Error('the app answers no requests');
  }

  request(): never {
    throw new Error('the app asks nobody');
  }

  async leave(): Promise<void> {
    this.end('left');
  }

  end(reason: 'left' | 'lost'): void {
    this.set({ state: 'closed', closeReason: reason });
    for (const listener of this.#listeners.closed) listener({ reason });
  }
}

class FakeScreen extends Cell<ScreenSnapshot> implements ScreenSlot {
  constructor() {
    super({
      state: 'off',
      track: undefined,
      stream: undefined,
      sound: undefined,
      error: undefined,
    });
  }

  async on(): Promise<void> {
    this.set({ state: 'live' });
  }

  async off(): Promise<void> {
    this.set({ state: 'off' });
  }
}

class FakeClient implements Client {
  readonly camera = new FakeSlot('camera');
  readonly microphone = new FakeSlot('microphone');
  readonly screen = new FakeScreen();
  readonly joins: unknown[] = [];
  refusal: Error | undefined;
  prepared: Promise<void> = Promise.resolve();
  preparedWith: string | undefined;
  joinedWith: string | undefined;
  lastJoin: Parameters<Client['join']>[1];
  /** Somebody inside has to decide. */
  door: Promise<void> | undefined;
  isClosed = false;
  room: FakeRoom | undefined;
  readonly media: LocalMedia = {
    camera: this.camera,
    microphone: this.microphone,
    screen: this.screen,
    level: new Cell({ level: 0, speaking: false }),
    devices: Object.assign(new Cell({ cameras: [], microphones: [], speakers: [] }), {
      refresh: () => Promise.resolve(),
    }),
    start: async (want) => {
      if (want.camera) await this.camera.on();
      if (want.microphone) await this.microphone.on();
    },
  };

  prepare(_room?: string, options?: Parameters<Client['prepare']>[1]): Promise<void> {
    this.preparedWith = options?.key;
    return this.prepared;
  }

  async join(room: string, options?: Parameters<Client['join']>[1]): Promise<Room> {
    this.joins.push([room, options?.name]);
    this.lastJoin = options;
    this.joinedWith = options?.key;
    if (this.refusal !== undefined) throw this.refusal;
    if (this.door !== undefined) {
      options?.onWaiting?.();
      await Promise.race([
        this.door,
        new Promise((_, reject) => options?.signal?.addEventListener('abort', reject)),
      ]);
    }
    const { camera, microphone, screen } = this;
    this.room = new FakeRoom({ id: peerId('me'), name: '', camera, microphone, screen });
    return this.room;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const NONE = { read: () => undefined, write: () => undefined };
const NO_TAB = { read: () => undefined, write: () => undefined };

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
    tab: {
      read: (room) => stored.get(`tab ${room}`),
      write: (room, value) => void stored.set(`tab ${room}`, value ?? ''),
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

  it('blurs the background, for who wanted that in the last visit, before the camera is opened', async () => {
    stored.set('blur', 'on');
    await session.arrive();
    expect(client.camera.calls).toEqual(['transform', 'on']);
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

describe('the door of a room', () => {
  it('asks for the passcode, and takes it along from then on', async () => {
    session = open();
    client.refusal = new ParleyError('ERR_PASSCODE_WANTED', 'Which?');
    await session.join('Ada');
    expect(session.stage.value).toMatchObject({ name: 'lobby', problem: { asksPasscode: true } });
    client.refusal = undefined;
    await session.join('Ada', 'sesame');
    expect(client.lastJoin).toMatchObject({ passcode: 'sesame' });
    client.room?.end('lost');
    await session.rejoin();
    expect(client.lastJoin).toMatchObject({ passcode: 'sesame' });
  });

  it('waits for a host, and is inside when they have decided', async () => {
    session = open();
    const admit: (() => void)[] = [];
    client.door = new Promise<void>((resolve) => admit.push(resolve));
    const joining = session.join('Ada');
    expect(session.stage.value.name).toBe('waiting');
    admit[0]?.();
    await joining;
    expect(session.stage.value.name).toBe('call');
  });

  it('goes back to the lobby when the person has had enough, without a word of blame', async () => {
    session = open();
    client.door = new Promise(() => undefined);
    const joining = session.join('Ada');
    session.stopWaiting();
    await joining;
    expect(session.stage.value).toEqual({ name: 'lobby', problem: undefined });
  });

  it('remembers over a reload who we were', async () => {
    session = open();
    await session.join('Ada');
    expect(client.lastJoin?.session).toBeUndefined();
    client.room?.end('left');
    await open().join('Ada');
    expect(client.lastJoin?.session).toBe('a session');
  });
});

describe('the key of the link', () => {
  it('is used to get ready and to join', async () => {
    session = new RoomSession({
      roomName: 'daily',
      linkKey: 'k',
      client,
      preferences: NONE,
      tab: NO_TAB,
    });
    await session.arrive();
    await session.join('Ada');
    expect([client.preparedWith, client.joinedWith]).toEqual(['k', 'k']);
  });

  it('is told in the lobby when it is damaged, before anybody presses Join', async () => {
    client.prepared = Promise.reject(new ParleyError('ERR_LINK_KEY', 'damaged'));
    await session.arrive();
    expect(session.stage.value).toMatchObject({ problem: { title: 'join.key.title' } });
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
