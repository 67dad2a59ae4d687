import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually, expectPicture, expectSound } from '@parley/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { expectPeople, joinApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const PROGRAM = fileURLToPath(new URL('../examples/node-peer/node-peer.js', import.meta.url));

describe('examples/node-peer', () => {
  const stage = useStage(startServerHere);
  let program: ChildProcess | undefined;

  afterEach(() => {
    program?.kill();
  });

  /** Resolves when the program says that it is in the room. */
  async function startEcho(room: string): Promise<void> {
    let said = '';
    program = spawn(process.execPath, [PROGRAM, stage.server.url, room]);
    program.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    program.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(
      'an echo in the room',
      () => said,
      (text) => text.includes('in the room'),
    );
    expect(said.trim()).toBe(`in the room ${room}`);
  }

  it.each(['the program', 'the browser'])(
    'a browser sees and hears its echo: first %s',
    async (first) => {
      const room = stage.newRoom();
      if (first === 'the program') await startEcho(room);
      const page = await stage.open('chromium');
      await joinApp(page, stage, { room, name: 'Ada' });
      if (first === 'the browser') await startEcho(room);
      await expectPeople(page, ['Echo']);
      await Promise.all([expectPicture(page), expectSound(page)]);
    },
  );
});
