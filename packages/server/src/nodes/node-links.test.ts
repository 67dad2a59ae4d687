import { describe, expect, it } from 'vitest';
import { MemoryBus } from '../../test/memory-bus.ts';
import type { Frame } from './frames.ts';
import { NodeLinks } from './node-links.ts';
import { NodeSeal } from './node-seal.ts';

const SECRET = 'a secret that only tests use, of some length';

function say(session: number): Frame {
  return { is: 'close', session };
}

/** Two nodes, what each has heard, and when each began afresh. */
function setUp() {
  const bus = new MemoryBus();
  const seal = new NodeSeal([SECRET]);
  const open = (self: string) => {
    const heard: unknown[] = [];
    const links = new NodeLinks({
      self,
      bus: bus.for(self),
      seal,
      receive: (frame) => heard.push('session' in frame ? frame.session : frame.is),
      onReset: (node) => heard.push(`afresh with ${node}`),
    });
    return { links, heard };
  };
  return { bus, a: open('a'), b: open('b') };
}

/** What was said in this turn has gone. */
async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('NodeLinks', () => {
  it('NODE-5 brings everything once and in order, whatever fits into one letter', async () => {
    const { a, b } = setUp();
    a.links.send('b', say(1));
    a.links.send('b', say(2));
    await settle();
    a.links.send('b', say(3));
    b.links.send('a', say(4));
    await settle();
    expect(b.heard).toEqual([1, 2, 3]);
    expect(a.heard).toEqual([4]);
  });

  it('NODE-5 hears nothing behind a letter that is missing until both began afresh', async () => {
    const { bus, a, b } = setUp();
    a.links.send('b', say(1));
    await settle();
    bus.loses = () => true;
    a.links.send('b', say(2));
    await settle();
    bus.loses = () => false;
    a.links.send('b', say(3));
    await settle();
    a.links.send('b', say(4));
    await settle();
    expect(b.heard).toEqual([1]);
    b.links.mend(['a']);
    await settle();
    a.links.send('b', say(5));
    await settle();
    expect(b.heard).toEqual([1, 'afresh with a', 5]);
    expect(a.heard).toEqual(['afresh with b']);
  });

  it('NODE-5 hears what comes twice once, and nothing of before a fresh beginning', async () => {
    const { bus, a, b } = setUp();
    const letters: Buffer[] = [];
    bus.loses = (letter) => letters.push(letter) < 0;
    a.links.send('b', say(1));
    await settle();
    a.links.renew('b');
    a.links.send('b', say(2));
    await settle();
    for (const letter of letters.splice(0)) await bus.for('replay').send('b', letter);
    expect(b.heard).toEqual([1, 'afresh with a', 2]);
  });

  it('NODE-5 sends nothing over a link that broke until it is mended', async () => {
    const { bus, a, b } = setUp();
    bus.isThere = false;
    a.links.send('b', say(1));
    await settle();
    bus.isThere = true;
    a.links.send('b', say(2));
    await settle();
    expect(b.heard).toEqual([]);
    a.links.mend(['b']);
    a.links.send('b', say(3));
    await settle();
    expect(a.heard).toEqual(['afresh with b']);
    expect(b.heard).toEqual(['afresh with a', 3]);
  });

  it('NODE-10 takes no letter of a stranger', async () => {
    const { bus, b } = setUp();
    const stranger = new NodeLinks({
      self: 'a',
      bus: bus.for('a'),
      seal: new NodeSeal(['another secret, of which nobody here knows']),
      receive: () => {},
      onReset: () => {},
    });
    stranger.send('b', say(1));
    await settle();
    expect(b.heard).toEqual([]);
  });
});
