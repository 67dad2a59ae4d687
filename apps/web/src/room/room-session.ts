/**
 * One visit to a room, from the lobby through the call to the page after it. The views read its
 * signals and call its methods; nothing here knows a component.
 * @module
 */
import { computed, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type {
  Client,
  Devices,
  Inside,
  LeaveReason,
  LevelSnapshot,
  LocalMedia,
  Observable,
  Room,
  RoomSnapshot,
  Slot,
  SlotSnapshot,
  DeviceSource,
} from '@parley/client';
import type { BlurTransform } from '../blur/blur-tool.ts';
import type { CallTools } from '../call/call-tools.ts';
import { observe } from '../ui/observe.ts';
import type { Preferences } from '../ui/preferences.ts';
import type { TabMemory } from '../ui/tab-memory.ts';
import { isLinkProblem, joinProblem } from './join-problem.ts';
import type { JoinProblem } from './join-problem.ts';

const SOURCES: readonly DeviceSource[] = ['camera', 'microphone'];

/** The stage in which people talk. */
export interface Call {
  readonly name: 'call';
  readonly room: Room;
  readonly snapshot: ReadonlySignal<RoomSnapshot>;
}

/** What makes it is fetched before a camera is opened. */
const loadBlur = async (): Promise<BlurTransform> => (await import('../blur/blur-tool.ts')).blurred;
const blurred: BlurTransform = Object.assign(
  async (camera: MediaStreamTrack) => (await loadBlur())(camera),
  { prepare: async () => (await loadBlur()).prepare() },
);

/** Where in the visit we are. */
export type Stage =
  | { readonly name: 'lobby'; readonly problem: JoinProblem | undefined }
  | { readonly name: 'joining' }
  /** A host has to let us in. */
  | { readonly name: 'waiting' }
  | Call
  | { readonly name: 'left'; readonly reason: LeaveReason };

/** What a visit needs. */
export interface RoomSessionOptions {
  readonly roomName: string;
  /** What the link says, whole or damaged. */
  readonly linkKey?: string | undefined;
  /** Owned by the session from now on: closing the session closes it. */
  readonly client: Client;
  readonly preferences: Preferences;
  /** Keeps what makes us the host again after a reload. */
  readonly tab: TabMemory;
}

/** One visit to one room. Its owner must {@link RoomSession.close} it. */
export class RoomSession {
  readonly roomName: string;
  readonly camera: ReadonlySignal<SlotSnapshot>;
  readonly microphone: ReadonlySignal<SlotSnapshot>;
  readonly devices: ReadonlySignal<Devices['snapshot']>;
  readonly #linkKey: string | undefined;
  readonly #client: Client;
  readonly #preferences: Preferences;
  readonly #inside = signal<Inside | undefined>(undefined);
  readonly #isArriving = signal(false);
  readonly #tools = signal<CallTools | undefined>(undefined);
  readonly #stage = signal<Stage>({ name: 'lobby', problem: undefined });
  readonly #tab: TabMemory;
  /** Ends the wait before the door. */
  #waiting = new AbortController();
  #displayName = '';
  #passcode: string | undefined;
  /** Which devices were on when the call ended, so that rejoining brings them back. */
  #resume: { readonly camera: boolean; readonly microphone: boolean } | undefined;

  constructor({ roomName, linkKey, client, preferences, tab }: RoomSessionOptions) {
    this.roomName = roomName;
    this.#linkKey = linkKey;
    this.#client = client;
    this.#preferences = preferences;
    this.#tab = tab;
    this.camera = this.#whileArriving(observe(client.media.camera));
    this.microphone = this.#whileArriving(observe(client.media.microphone));
    this.devices = observe(client.media.devices);
  }

  /** Where in the visit we are. */
  get stage(): ReadonlySignal<Stage> {
    return this.#stage;
  }

  /** Who is inside, as long as we are not; `undefined` where nobody says. */
  get inside(): ReadonlySignal<Inside | undefined> {
    return this.#inside;
  }

  /** For what is made of its picture. */
  get cameraSlot(): Slot {
    return this.#media.camera;
  }

  /** Chat, files and signs, as long as the call is on screen. */
  get tools(): ReadonlySignal<CallTools | undefined> {
    return this.#tools;
  }

  /** How loud my microphone is; measured only while somebody watches. */
  get level(): Observable<LevelSnapshot> {
    return this.#media.level;
  }

  /** The name of the last visit. */
  get rememberedName(): string {
    return this.#preferences.read('name') ?? '';
  }

  /** The preview starts, and everything is fetched that joining will need. Never rejects. */
  async arrive(): Promise<void> {
    await Promise.all([
      ...SOURCES.map((source) => this.#recallDevice(source)),
      this.#startAtFirst(),
      this.#client
        .prepare(this.roomName, {
          key: this.#linkKey,
          onInside: (inside) => (this.#inside.value = inside),
        })
        .catch((error) => this.#notReady(error)),
    ]);
  }

  /** Starts devices with one question of the browser; failures are in the snapshots. */
  async startDevices(which: DeviceSource | 'both' = 'both'): Promise<void> {
    await this.#media.start({
      camera: which !== 'microphone',
      microphone: which !== 'camera',
    });
  }

  /**
   * Enters the room as `displayName`, with the passcode if the room asked for one. Never rejects: a
   * refusal is shown in the lobby.
   */
  async join(displayName: string, passcode: string | undefined = this.#passcode): Promise<void> {
    const { name } = this.#stage.value;
    if (name === 'joining' || name === 'waiting' || name === 'call') return;
    this.#passcode = passcode;
    this.#waiting = new AbortController();
    this.#preferences.write('name', displayName);
    this.#displayName = displayName;
    this.#stage.value = { name: 'joining' };
    try {
      const room = await this.#client.join(this.roomName, {
        name: displayName,
        key: this.#linkKey,
        passcode,
        session: this.#tab.read(this.roomName),
        onWaiting: () => (this.#stage.value = { name: 'waiting' }),
        signal: this.#waiting.signal,
      });
      this.#enter(room);
    } catch (error) {
      const problem = this.#waiting.signal.aborted ? undefined : joinProblem(error);
      this.#stage.value = { name: 'lobby', problem };
    }
  }

  /** Waits before the door no longer, and goes back to the lobby. */
  stopWaiting(): void {
    this.#waiting.abort();
  }

  /** Enters again under the same name, with the devices that were on. */
  async rejoin(): Promise<void> {
    const devices = this.#resume;
    this.#resume = undefined;
    await Promise.all([
      devices === undefined ? undefined : this.#media.start(devices),
      this.join(this.#displayName),
    ]);
  }

  /** Tells that the call is on screen with its tools, or is not any more. */
  setTools(tools: CallTools | undefined): void {
    this.#tools.value = tools;
  }

  /** Leaves the call. */
  async leave(): Promise<void> {
    const stage = this.#stage.value;
    if (stage.name === 'call') await stage.room.leave();
  }

  /** Mutes or unmutes; opens the microphone first when it is not open. Failures are in its snapshot. */
  async toggleMicrophone(): Promise<void> {
    const { microphone } = this.#media;
    const { state, muted } = microphone.snapshot;
    if (state === 'starting') return;
    if (state === 'live') {
      microphone.setMuted(!muted);
      return;
    }
    microphone.setMuted(false);
    await microphone.on().catch(() => undefined);
  }

  /** Opens or stops the camera. Failures are in its snapshot. */
  async toggleCamera(): Promise<void> {
    const { camera } = this.#media;
    const { state } = camera.snapshot;
    if (state === 'starting') return;
    await (state === 'live' ? camera.off() : camera.on()).catch(() => undefined);
  }

  /** Changes the device of one slot. Failures are in its snapshot; the old device goes on. */
  async chooseDevice(source: DeviceSource, deviceId: string): Promise<void> {
    this.#preferences.write(source, deviceId);
    await this.#media[source].use(deviceId).catch(() => undefined);
  }

  /** Ends the visit: leaves, and stops every device. Idempotent. */
  async close(): Promise<void> {
    this.#waiting.abort();
    await this.#client.close();
  }

  get #media(): LocalMedia {
    return this.#client.media;
  }

  async #startAtFirst(): Promise<void> {
    this.#isArriving.value = true;
    await this.startDevices();
    this.#isArriving.value = false;
  }

  /** What starts devices has to be fetched; nobody should take them for switched off meanwhile. */
  #whileArriving(slot: ReadonlySignal<SlotSnapshot>): ReadonlySignal<SlotSnapshot> {
    return computed(() =>
      this.#isArriving.value && slot.value.state === 'off'
        ? { ...slot.value, state: 'starting' }
        : slot.value,
    );
  }

  /** A device that is off only remembers the choice; should it be gone, the browser's choice stands. */
  async #recallDevice(source: DeviceSource): Promise<void> {
    // Before it starts: who blurs the background is never shown without that.
    if (source === 'camera' && this.#preferences.read('blur') === 'on') {
      void this.#media.camera.transform(blurred).catch(() => undefined);
    }
    const deviceId = this.#preferences.read(source);
    if (deviceId !== undefined) await this.#media[source].use(deviceId).catch(() => undefined);
  }

  /** If the server cannot be reached now, joining will try again; a broken link stays broken. */
  #notReady(error: unknown): void {
    if (!isLinkProblem(error) || this.#stage.value.name !== 'lobby') return;
    this.#stage.value = { name: 'lobby', problem: joinProblem(error) };
  }

  #enter(room: Room): void {
    room.on('closed', ({ reason }) => this.#exit(reason));
    const keep = (): void => this.#tab.write(this.roomName, room.session);
    room.subscribe(keep);
    keep();
    this.#stage.value = { name: 'call', room, snapshot: observe(room) };
  }

  #exit(reason: LeaveReason): void {
    const { camera, microphone, screen } = this.#media;
    this.#resume = {
      camera: camera.snapshot.state === 'live',
      microphone: microphone.snapshot.state === 'live',
    };
    this.#stage.value = { name: 'left', reason };
    void Promise.allSettled([camera.off(), microphone.off(), screen.off()]);
  }
}
