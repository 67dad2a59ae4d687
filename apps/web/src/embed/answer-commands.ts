/**
 * Carries out what the page around the call asks for.
 * @module
 */
import { readCommand } from '@parley/client/embed';
import type { EmbedCommand, EmbedFault } from '@parley/client/embed';
import { effect } from '@preact/signals';
import type { CallTools } from '../call/call-tools.ts';
import { cameraSwitch, microphoneSwitch } from '../media/slot-switch.ts';
import type { SlotSwitch } from '../media/slot-switch.ts';
import type { RoomSession } from '../room/room-session.ts';
import { applyTheme } from './apply-theme.ts';
import type { Styled } from './apply-theme.ts';

/** How a command ended. */
interface Reply extends Partial<EmbedFault> {
  /** Number of the command. */
  readonly reply: number;
}

/** Makes what answers messages; `undefined` for those that are none of ours. Never rejects. */
export function answerCommands(
  session: RoomSession,
  root: Styled,
): (data: unknown) => Promise<Reply | undefined> {
  return async (data) => {
    const message = readCommand(data);
    switch (message.kind) {
      case 'foreign':
        return undefined;
      case 'fault':
        return { reply: message.id, ...message.fault };
      case 'command': {
        const { command } = message;
        if (command.command === 'theme') {
          applyTheme(root, command.theme);
          return { reply: message.id };
        }
        const fault = await carryOut(session, command).catch(faultOf);
        return { reply: message.id, ...fault };
      }
    }
  };
}

async function carryOut(
  session: RoomSession,
  command: Exclude<EmbedCommand, { command: 'theme' }>,
): Promise<EmbedFault | undefined> {
  switch (command.command) {
    case 'join':
      return join(session, command);
    case 'leave':
      await session.leave();
      return undefined;
    case 'microphone':
      return turn(
        command.on,
        () => session.toggleMicrophone(),
        () => microphoneSwitch(session.microphone.value),
      );
    case 'camera':
      return turn(
        command.on,
        () => session.toggleCamera(),
        () => cameraSwitch(session.camera.value),
      );
    case 'screen':
      return share(session, command.on);
    case 'hand':
      return inCall(session, ({ signs }) => {
        if (signs.mine.peek().hand !== command.on) signs.toggleHand();
      });
    case 'chat':
      return inCall(session, ({ chat }) => chat.say(command.text));
  }
}

async function join(
  session: RoomSession,
  {
    name = session.rememberedName,
    passcode,
  }: { readonly name?: string; readonly passcode?: string },
): Promise<EmbedFault | undefined> {
  await session.join(name, passcode);
  const stage = session.stage.value;
  if (stage.name === 'call') return undefined;
  const code = stage.name === 'lobby' ? stage.problem?.code : undefined;
  return {
    code: code ?? 'ERR_EMBED_STAGE',
    message: 'The person is not in the call; the frame says why.',
  };
}

/** Brings a switch into the state that is asked for, once it is not busy. */
async function turn(
  on: boolean,
  toggle: () => Promise<void>,
  read: () => SlotSwitch,
): Promise<EmbedFault | undefined> {
  const isSettled = (): boolean => !read().busy;
  await until(isSettled);
  if (read().on !== on) await toggle();
  await until(isSettled);
  if (read().on === on) return undefined;
  return { code: 'ERR_EMBED_FAILED', message: 'The device did not start; the frame says why.' };
}

function until(isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let stop: (() => void) | undefined;
    stop = effect(() => {
      if (!isSo()) return;
      resolve();
      // Not before the effect has run for the first time.
      queueMicrotask(() => stop?.());
    });
  });
}

async function share(session: RoomSession, on: boolean): Promise<EmbedFault | undefined> {
  const stage = session.stage.value;
  if (stage.name !== 'call') {
    return { code: 'ERR_EMBED_STAGE', message: 'A screen can be shared inside a call only.' };
  }
  const { screen } = stage.room.self;
  await (on ? screen.on() : screen.off());
  return undefined;
}

/** What needs the tools of the call, once they are there. */
async function inCall(
  session: RoomSession,
  act: (tools: CallTools) => void,
): Promise<EmbedFault | undefined> {
  await until(() => session.stage.value.name !== 'call' || session.tools.value !== undefined);
  const tools = session.tools.peek();
  if (tools === undefined) {
    return { code: 'ERR_EMBED_STAGE', message: 'That can be done inside a call only.' };
  }
  act(tools);
  return undefined;
}

function faultOf(error: unknown): EmbedFault {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  if (isCoded) return { code: String(error.code), message: error.message.slice(0, 500) };
  return { code: 'ERR_EMBED_FAILED', message: 'The call could not do it.' };
}
