import { describe, expect, it } from 'vitest';
import { FakePipe } from '../../test/fakes/fake-pipe.ts';
import { textMessage } from '../../test/fakes/text-message.ts';
import { settle } from '../testing/settle.ts';
import { LaneCode, LaneDoor } from './lane-door.ts';
import type { LanePart } from './lane-door.ts';
import * as part from './lane-part.ts';

const WINDOW_FRAMES = 1_000;

/** Two doors with a pipe between them; the code of the left one comes when the test says so. */
function setUp(load: () => Promise<LanePart> = () => Promise.resolve(part)) {
  const [from, to] = FakePipe.pair();
  const loads: Promise<LanePart>[] = [];
  const code = new LaneCode(() => {
    const loading = load();
    loads.push(loading);
    return loading;
  });
  const left = new LaneDoor(1, WINDOW_FRAMES, code);
  const right = new LaneDoor(2, WINDOW_FRAMES, new LaneCode(() => Promise.resolve(part)));
  left.attach(from);
  right.attach(to);
  return { left, right, from, to, loads };
}

function hear(door: LaneDoor): string[] {
  const texts: string[] = [];
  door.listen('chat', () => ({
    received({ bytes }, release) {
      texts.push(Buffer.from(bytes).toString());
      release();
    },
    unheard() {},
  }));
  return texts;
}

/** Lets arrive what is under way, until nothing is. */
async function flow(...pipes: readonly FakePipe[]): Promise<void> {
  do {
    for (const pipe of pipes) pipe.deliver();
    await settle();
  } while (pipes.some(({ waiting }) => waiting > 0));
}

describe('the door to a lane', () => {
  it('loads nothing for a connection that comes and goes without a message', async () => {
    const { left, from, to, loads } = setUp();
    from.open();
    to.open();
    await flow(from, to);
    left.close(new Error('left'));
    expect([loads.length, from.sent]).toEqual([0, []]);
  });

  it('passes on what happened before, in order', async () => {
    const { left, right, from, to, loads } = setUp();
    from.open();
    to.open();
    const [first, second] = [textMessage('one'), textMessage('two')];
    const texts = hear(right);
    left.send('chat', first);
    left.send('chat', second);
    await settle();
    await flow(from, to);
    expect(texts).toEqual(['one', 'two']);
    expect([first.results, second.results, loads.length]).toEqual([[undefined], [undefined], 1]);
  });

  it('loads for what comes from the other side', async () => {
    const { left, right, from, to, loads } = setUp();
    from.open();
    to.open();
    right.send('chat', textMessage('early'));
    await settle();
    const before = loads.length;
    await flow(from, to);
    const texts = hear(left);
    right.send('chat', textMessage('late'));
    await flow(from, to);
    expect([before, loads.length, texts]).toEqual([0, 1, ['late']]);
  });

  it('tells who sends that the code did not come, and tries again next time', async () => {
    const answers = [Promise.reject(new Error('offline')), Promise.resolve(part)];
    answers[0]?.catch(() => {});
    const { left, right, from, to } = setUp(() => answers.shift() ?? Promise.resolve(part));
    from.open();
    to.open();
    const texts = hear(right);
    const [lost, sent] = [textMessage('lost'), textMessage('sent')];
    left.send('chat', lost);
    await settle();
    expect(lost.results).toMatchObject([{ code: 'ERR_SDK_LOAD' }]);
    left.send('chat', sent);
    await settle();
    await flow(from, to);
    expect([texts, sent.results]).toEqual([['sent'], [undefined]]);
  });
});
