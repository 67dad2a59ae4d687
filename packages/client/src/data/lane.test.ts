import { describe, expect, it } from 'vitest';
import { FakePipe } from '../../test/fakes/fake-pipe.ts';
import { textMessage } from '../../test/fakes/text-message.ts';
import { ACK, decodeFrame, FIRST, HELLO, LAST, TEXT, UNHEARD } from './frame.ts';
import { MAX_PAYLOAD_BYTES } from './data-limits.ts';
import { Lane } from './lane.ts';
import { HIGH_WATER_BYTES, LOW_WATER_BYTES } from './pipe.ts';

const WINDOW_FRAMES = 1000;
const WHOLE = FIRST | LAST | TEXT;

function openLane(instance = 1): Lane {
  return new Lane(instance, WINDOW_FRAMES);
}

/** Hears a channel and takes every message at once. */
function hear(lane: Lane, name = 'chat') {
  const texts: string[] = [];
  const calls = { unheard: 0 };
  lane.listen(name, {
    received: ({ bytes }, release) => {
      texts.push(Buffer.from(bytes).toString());
      release();
    },
    unheard: () => {
      calls.unheard += 1;
    },
  });
  return { texts, calls };
}

function framesOf(pipe: FakePipe) {
  return pipe.sent.map((bytes) => decodeFrame(bytes));
}

describe('Lane', () => {
  it('waits for the pipe, then says who speaks before anything else', () => {
    const lane = openLane(77);
    const early = textMessage('early');
    lane.send('chat', early);
    const [pipe] = FakePipe.pair();
    pipe.feed(lane);
    expect([early.results, pipe.sent]).toEqual([[], []]);
    pipe.open();
    expect(framesOf(pipe)).toMatchObject([{ flags: HELLO, number: 77 }, { flags: WHOLE }]);
    expect(early.results).toEqual([undefined]);
  });

  it('stops at the high water mark, and goes on at the low one', () => {
    const lane = openLane();
    const [pipe] = FakePipe.pair();
    pipe.feed(lane);
    pipe.open();
    const large = textMessage('x'.repeat(3 * HIGH_WATER_BYTES));
    lane.send('chat', large);
    expect(pipe.bufferedBytes).toBeGreaterThanOrEqual(HIGH_WATER_BYTES);
    expect(pipe.bufferedBytes).toBeLessThan(HIGH_WATER_BYTES + 2 * MAX_PAYLOAD_BYTES);
    const before = pipe.sent.length;
    pipe.deliver(1);
    lane.send('state', textMessage('also waits'));
    expect(pipe.sent).toHaveLength(before);
    for (let rounds = 0; rounds < 4; rounds += 1) pipe.deliver();
    expect(large.results).toEqual([undefined]);
  });

  it('lets channels take turns', () => {
    const lane = openLane();
    const [pipe] = FakePipe.pair();
    pipe.feed(lane);
    lane.send('long', textMessage('x'.repeat(10 * MAX_PAYLOAD_BYTES)));
    lane.send('short', textMessage('hello'));
    pipe.open();
    const names = framesOf(pipe).map((frame) => frame?.name);
    expect(names.slice(1, 4)).toEqual(['long', 'short', 'long']);
  });

  it('tries again what the pipe refused', () => {
    const lane = openLane();
    const [pipe] = FakePipe.pair();
    pipe.feed(lane);
    pipe.open();
    pipe.refusals = 1;
    const once = textMessage('once');
    lane.send('chat', once);
    expect(once.results).toEqual([]);
    pipe.drain();
    expect(once.results).toEqual([undefined]);
    expect(framesOf(pipe)).toMatchObject([{ flags: HELLO }, { flags: WHOLE, number: 0 }]);
  });

  it('does not wait for an old pipe to drain when there is a new one', () => {
    const lane = openLane();
    const [full] = FakePipe.pair();
    full.feed(lane);
    full.open();
    lane.send('chat', textMessage('x'.repeat(2 * HIGH_WATER_BYTES)));
    const next = textMessage('next');
    lane.send('chat', next);
    const [pipe] = FakePipe.pair();
    pipe.feed(lane);
    pipe.open();
    pipe.deliver();
    pipe.deliver();
    expect(next.results).toEqual([undefined]);
  });

  it('drops what nobody hears, and tells the sender', () => {
    const [left, right] = [openLane(1), openLane(2)];
    const heard = hear(left);
    const [from, to] = FakePipe.pair();
    from.feed(left);
    to.feed(right);
    from.open();
    to.open();
    left.send('chat', textMessage('anybody?'));
    from.deliver();
    expect(framesOf(to)).toMatchObject([{ flags: HELLO }, { flags: ACK | UNHEARD, number: 1 }]);
    to.deliver();
    expect(heard.calls.unheard).toBe(1);

    const late = hear(right);
    left.send('chat', textMessage('now?'));
    from.deliver();
    expect(late.texts).toEqual(['now?']);
  });

  it('hears somebody else in the place of the other end from their first message on', () => {
    const lane = openLane();
    const { texts } = hear(lane);
    for (const instance of [8, 8, 9]) {
      const other = openLane(instance);
      const [from, to] = FakePipe.pair();
      from.feed(other);
      to.feed(lane);
      from.open();
      to.open();
      other.send('chat', textMessage(`from ${instance}`));
      from.deliver();
    }
    // The second one claims to be the first, so that its frame number 0 has been heard already.
    expect(texts).toEqual(['from 8', 'from 9']);
  });

  it('sends no ack for a message of somebody who has been replaced', () => {
    const lane = openLane();
    const releases: (() => void)[] = [];
    lane.listen('chat', { received: (_, release) => releases.push(release), unheard: () => {} });
    const [pipe, other] = FakePipe.pair();
    pipe.feed(lane);
    pipe.open();
    const first = openLane(8);
    other.feed(first);
    other.open();
    first.send('chat', textMessage('x'.repeat(40 * MAX_PAYLOAD_BYTES)));
    const second = openLane(9);
    other.feed(second);
    other.open();
    other.deliver();
    expect(releases).toHaveLength(1);
    const before = pipe.sent.length;
    releases[0]?.();
    expect(pipe.sent).toHaveLength(before);
  });

  it('hears what comes late through a pipe that has been replaced, and only once', () => {
    const lane = openLane();
    const { texts } = hear(lane);
    const other = openLane(2);
    const pipes = [FakePipe.pair(), FakePipe.pair()];
    for (const [from, to] of pipes) {
      from.feed(other);
      to.feed(lane);
      from.open();
      to.open();
      other.send('chat', textMessage('late'));
    }
    for (const [from] of pipes) from.deliver();
    for (const [from] of pipes) from.deliver();
    expect(texts).toEqual(['late', 'late']);
  });

  it('settles what waits when it is closed, and sends nothing afterwards', () => {
    const lane = openLane();
    const { texts } = hear(lane);
    const waiting = textMessage('waiting');
    lane.send('chat', waiting);
    const reason = new Error('gone');
    lane.close(reason);
    lane.close(reason);
    const [pipe, other] = FakePipe.pair();
    pipe.feed(lane);
    expect(waiting.results).toEqual([reason]);
    const sender = openLane(2);
    other.feed(sender);
    other.open();
    sender.send('chat', textMessage('too late'));
    other.deliver();
    expect(texts).toEqual([]);
  });
});

describe('an unreliable Lane', () => {
  it('sends only the newest message when it has to wait for the network', () => {
    const lane = new Lane(1, 0);
    const [pipe] = FakePipe.pair();
    pipe.feed(lane);
    pipe.open();
    pipe.bufferedBytes = LOW_WATER_BYTES + 1;
    const [old, young, other] = [textMessage('old'), textMessage('young'), textMessage('other')];
    lane.send('at', old);
    lane.send('at', young);
    lane.send('score', other);
    expect([old.results, young.results, other.results]).toEqual([[undefined], [], []]);
    pipe.bufferedBytes = 0;
    pipe.drain();
    const texts = framesOf(pipe).map((frame) => Buffer.from(frame?.payload ?? '').toString());
    expect(texts).toEqual(['', 'young', 'other']);
  });

  it('repeats nothing on a new pipe', () => {
    const lane = new Lane(1, 0);
    const pipes = [FakePipe.pair()[0], FakePipe.pair()[0]];
    for (const pipe of pipes) {
      pipe.feed(lane);
      pipe.open();
      lane.send('at', textMessage('here'));
    }
    expect(pipes.map(({ sent }) => sent.length)).toEqual([2, 2]);
  });
});
