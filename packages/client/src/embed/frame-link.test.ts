import { expect, it } from 'vitest';
import type { EmbedEvent } from './embed-message.ts';
import { FrameLink } from './frame-link.ts';

const ORIGIN = 'https://calls.example.org';

interface Posted {
  readonly message: { readonly id?: number };
  readonly options: { readonly targetOrigin: string; readonly delegate?: string };
}

function setUp({ lends = true } = {}) {
  const posted: Posted[] = [];
  const frame = {
    postMessage: (message: Posted['message'], options: Posted['options']) => {
      if (options.delegate !== undefined && !lends) throw new Error('no click');
      posted.push({ message, options });
    },
  };
  const events: EmbedEvent[] = [];
  const link = new FrameLink({ frame, origin: ORIGIN, onEvent: (event) => events.push(event) });
  const hear = (fields: object, from: object = {}): void =>
    link.take({ source: frame, origin: ORIGIN, data: { parley: 1, ...fields }, ...from });
  return { link, posted, events, hear };
}

it('commands wait until the call is there, and keep their order', async () => {
  const { link, posted, hear } = setUp();
  const joined = link.send({ command: 'join', name: 'Ada' });
  const muted = link.send({ command: 'microphone', on: false });
  expect(posted).toEqual([]);
  hear({ event: 'ready' });
  expect(posted.map(({ message }) => message)).toEqual([
    { parley: 1, id: 1, command: 'join', name: 'Ada' },
    { parley: 1, id: 2, command: 'microphone', on: false },
  ]);
  expect(posted[0]?.options).toEqual({ targetOrigin: ORIGIN });
  hear({ reply: 2, code: 'ERR_EMBED_FAILED', message: 'no' });
  hear({ reply: 1 });
  await joined;
  await expect(muted).rejects.toMatchObject({ code: 'ERR_EMBED_FAILED' });
});

it('only that frame at that origin is heard', () => {
  const { events, hear } = setUp();
  hear({ event: 'joined' }, { origin: 'https://evil.example' });
  hear({ event: 'joined' }, { source: {} });
  hear({ event: 'joined' }, { data: 'joined' });
  expect(events).toEqual([]);
  hear({ event: 'joined' });
  expect(events).toEqual([{ event: 'joined' }]);
});

it.each([
  [true, { targetOrigin: ORIGIN, delegate: 'display-capture' }],
  [false, { targetOrigin: ORIGIN }],
])(
  'a click is lent to the frame for sharing a screen, where that is possible: %s',
  (lends, options) => {
    const { link, posted, hear } = setUp({ lends });
    hear({ event: 'ready' });
    void link.send({ command: 'screen', on: true });
    expect(posted.map((one) => one.options)).toEqual([options]);
  },
);

it('what is under way is rejected when the frame is loaded again or taken out', async () => {
  const { link, hear } = setUp();
  hear({ event: 'ready' });
  const first = link.send({ command: 'leave' });
  hear({ event: 'ready' });
  await expect(first).rejects.toMatchObject({ code: 'ERR_EMBED_CLOSED' });
  const second = link.send({ command: 'leave' });
  link.close();
  await expect(second).rejects.toMatchObject({ code: 'ERR_EMBED_CLOSED' });
  await expect(link.send({ command: 'leave' })).rejects.toMatchObject({ code: 'ERR_EMBED_CLOSED' });
});
