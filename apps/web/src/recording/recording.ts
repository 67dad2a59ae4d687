/**
 * A recording of the call in this browser: one picture of everybody, one sound of all voices. The others
 * are told for as long as it runs, also those who come later.
 * @module
 */
import { effect, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { RemotePeer, RemoteSlotSnapshot } from '@parley/client';
import type { CallContext } from '../call/call-context.ts';
import { PictureMix } from './picture-mix.ts';
import type { Scene, Shown } from './picture-mix.ts';
import { openRecordingFile } from './recording-file.ts';
import type { RecordingFile } from './recording-file.ts';
import { recordingName } from './recording-name.ts';
import { SoundMix } from './sound-mix.ts';

/** Where a recording is. */
export type RecordingState = 'running' | 'saving' | 'saved' | 'failed';

/** What browsers record, the cheapest for the processor first. */
const TYPES = ['video/webm;codecs=vp8,opus', 'video/mp4;codecs=avc1.42E01E,mp4a.40.2', 'video/mp4'];
/** So much is lost at most when the browser ends suddenly. */
const CHUNK_MS = 1000;
const BITRATES = { videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 96_000 } as const;
/** How large pictures are asked for, also while nobody sees the page. */
const WANTED = {
  camera: { width: 640, height: 360 },
  screen: { width: 1280, height: 720 },
} as const;

function recordingType(): string | undefined {
  if (!('MediaRecorder' in window)) return undefined;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type));
}

/** See the module comment. Its owner must {@link Recording.stop} it. */
export class Recording {
  readonly startedAt: Date = new Date();
  readonly #context: CallContext;
  readonly #file: RecordingFile;
  readonly #picture = new PictureMix();
  readonly #isSilent = signal(false);
  readonly #sound = new SoundMix((isSilent) => (this.#isSilent.value = isSilent));
  readonly #recorder: MediaRecorder;
  readonly #state = signal<RecordingState>('running');
  readonly #unfollow: () => void;
  readonly #asked = new Set<RemotePeer>();
  #written: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(context: CallContext, { file, type }: { file: RecordingFile; type: string }) {
    this.#context = context;
    this.#file = file;
    this.#unfollow = effect(() => this.#follow());
    const stream = new MediaStream([this.#picture.track, this.#sound.track]);
    this.#recorder = new MediaRecorder(stream, { mimeType: type, ...BITRATES });
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#write(data));
    this.#recorder.addEventListener('error', () => void this.stop());
    this.#recorder.start(CHUNK_MS);
    addEventListener('beforeunload', keepPage);
    context.tools.signs.setRecording(true);
  }

  /** Asks where to write, and begins. Undefined: the person does not want to, or cannot. */
  static async start(context: CallContext): Promise<Recording | undefined> {
    const type = recordingType();
    if (type === undefined) return undefined;
    const name = recordingName(context.session.roomName, new Date(), type);
    const file = await openRecordingFile(name, type);
    return file && new Recording(context, { file, type });
  }

  /** Where it is. */
  get state(): ReadonlySignal<RecordingState> {
    return this.#state;
  }

  /** Nothing is heard in it: this browser mixes no sound. */
  get isSilent(): ReadonlySignal<boolean> {
    return this.#isSilent;
  }

  /** What the file is called. */
  get fileName(): string {
    return this.#file.name;
  }

  /** Ends it; resolves when the file is whole, or cannot be. Idempotent, never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#finish();
    return this.#stopped;
  }

  async #finish(): Promise<void> {
    this.#context.tools.signs.setRecording(false);
    this.#state.value = 'saving';
    try {
      await this.#end();
      await this.#written;
      await this.#file.close();
      this.#state.value = 'saved';
    } catch {
      this.#state.value = 'failed';
    } finally {
      removeEventListener('beforeunload', keepPage);
    }
  }

  /** The recorder gives its last piece, and everything else is let go. */
  async #end(): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#recorder.addEventListener('stop', resolve, { once: true });
    });
    if (this.#recorder.state !== 'inactive') {
      this.#recorder.stop();
      await ended;
    }
    this.#unfollow();
    for (const peer of this.#asked) this.#ask(peer, false);
    this.#picture.close();
    this.#sound.close();
  }

  #write(data: Blob): void {
    if (data.size === 0) return;
    this.#written = this.#written.then(() => this.#file.write(data));
    // A full disk ends the recording; what was written stays.
    this.#written.catch(() => void this.stop());
  }

  /** Runs again when people come and go, or when I change something. */
  #follow(): () => void {
    const { peers } = this.#context.call.snapshot.value;
    const update = (): void => {
      this.#picture.use(this.#scene());
      this.#sound.use(this.#sounds());
    };
    const undo = peers.map((peer) => peer.subscribe(update));
    for (const peer of this.#asked) if (!peers.includes(peer)) this.#asked.delete(peer);
    for (const peer of peers) this.#ask(peer, true);
    update();
    return () => {
      for (const end of undo) end();
    };
  }

  #scene(): Scene {
    const { call, session, saver, screen } = this.#context;
    const { peers } = call.snapshot.value;
    const { name } = call.room.self;
    const camera = session.camera.value;
    const myScreen = screen.snapshot.value.track;
    const isSeen = saver.mode.value !== 'audio';
    const shown = (who: string, slot: RemoteSlotSnapshot): Shown => ({
      name: who,
      track: slot.on && isSeen ? slot.track : undefined,
    });
    const sharing = peers.filter(({ snapshot }) => snapshot.screen.on);
    return {
      people: [
        { name, track: camera.muted ? undefined : camera.track },
        ...peers.map((peer) => shown(peer.name, peer.snapshot.camera)),
      ],
      screens: [
        ...(myScreen === undefined ? [] : [{ name, track: myScreen }]),
        ...sharing.map((peer) => shown(peer.name, peer.snapshot.screen)),
      ],
    };
  }

  #sounds(): readonly MediaStreamTrack[] {
    const { call, session, screen } = this.#context;
    const others = call.snapshot.value.peers.flatMap(({ snapshot }) => [
      snapshot.microphone.track,
      snapshot.screenSound.track,
    ]);
    const mine = [session.microphone.value.track, screen.snapshot.value.sound];
    return [...mine, ...others].filter((track) => track !== undefined);
  }

  #ask(peer: RemotePeer, isWanted: boolean): void {
    if (isWanted) this.#asked.add(peer);
    for (const source of ['camera', 'screen'] as const) {
      const size = isWanted ? WANTED[source] : undefined;
      this.#context.desk.show(peer, source, { viewer: 'recording', size });
    }
  }
}

/** The browser asks before it throws a recording away. */
function keepPage(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
