/**
 * What every part of the call view is given.
 * @module
 */
import type { Signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Call, RoomSession } from '../room/room-session.ts';
import type { DataSaver } from '../saving/data-saver.ts';
import type { PictureDesk } from '../saving/picture-desk.ts';
import type { CallTools } from './call-tools.ts';
import type { CallView } from './call-view.ts';
import type { MyScreen } from './share-switch.tsx';
import type { SoundGate } from './sound-gate.ts';

/** A recording as the call sees it; what makes it is fetched when it is wanted. */
export interface RecordingPlace {
  /** The line above the people. */
  readonly Line: ComponentType;
  isRunning(): boolean;
  stop(): Promise<void>;
}

/** One call on screen. */
export interface CallContext {
  readonly session: RoomSession;
  readonly call: Call;
  readonly gate: SoundGate;
  readonly view: CallView;
  readonly tools: CallTools;
  readonly screen: MyScreen;
  readonly saver: DataSaver;
  readonly desk: PictureDesk;
  /** My recording, from its beginning until its end has been read. */
  readonly recording: Signal<RecordingPlace | undefined>;
  /** The small window above others, while there is one. */
  readonly smallWindow: Signal<{ close(): void } | undefined>;
}
