import { describe, expect, it, vi } from 'vitest';
import { FakeDisplay } from '../testing/fake-display.ts';
import { domError } from '../testing/fake-media-devices.ts';
import { FakeStream } from '../testing/fake-track.ts';
import { Gate } from '../../test/fakes/gate.ts';
import { settle } from '../testing/settle.ts';
import { ScreenShare } from './screen-slot.ts';

const TAB = { displaySurface: 'browser', sound: {} } as const;

function setUp() {
  const display = new FakeDisplay();
  display.surface = TAB;
  const slot = new ScreenShare({
    mediaDevices: display.dom,
    createStream: (tracks = []) => new FakeStream(tracks).dom,
  });
  /** What connections were given, and how many tracks were running at that moment. */
  const sent: unknown[] = [];
  for (const outlet of Object.values(slot.outlets)) {
    outlet.attach((track) => {
      sent.push([track?.kind ?? null, display.live.length]);
      return Promise.resolve();
    });
  }
  return { display, slot, sent };
}

describe('a screen slot', () => {
  it('gives picture and sound to the connections', async () => {
    const { slot, display, sent } = setUp();
    const gate = new Gate();
    display.gate = gate.opened;
    const sharing = slot.on();
    await vi.waitFor(() => expect(slot.snapshot.state).toBe('starting'));
    gate.open();
    await sharing;
    const [picture, sound] = display.tracks.map(({ dom }) => dom);
    expect(slot.snapshot).toMatchObject({ state: 'live', track: picture, sound });
    expect(slot.snapshot.stream?.getTracks()).toEqual([picture]);
    expect(sent).toEqual([
      ['video', 2],
      ['audio', 2],
    ]);
  });

  it('off() ends the capture, and the connections send nothing', async () => {
    const { slot, display, sent } = setUp();
    await slot.on();
    await slot.off();
    expect(slot.snapshot).toMatchObject({ state: 'off', track: undefined, sound: undefined });
    expect(display.live).toEqual([]);
    expect(sent.slice(2)).toEqual([
      [null, 2],
      [null, 2],
    ]);
  });

  it("the browser's own button ends it without an error", async () => {
    const { slot, display } = setUp();
    await slot.on();
    display.tracks[0]?.vanish();
    await settle();
    expect(slot.snapshot).toMatchObject({ state: 'off', error: undefined });
    expect(display.live).toEqual([]);
  });

  it('goes on without sound when only the sound ends', async () => {
    const { slot, display } = setUp();
    await slot.on();
    display.tracks[1]?.vanish();
    await settle();
    expect(slot.snapshot).toMatchObject({ state: 'live', sound: undefined });
    expect(slot.outlets.screenSound.snapshot.track).toBeUndefined();
  });

  it('fails when the person chooses nothing, and can be tried again', async () => {
    const { slot, display } = setUp();
    display.refusal = domError('NotAllowedError', 'Permission denied');
    const code = 'ERR_MEDIA_DENIED_BY_BROWSER';
    await expect(slot.on()).rejects.toMatchObject({ code, source: 'screen' });
    expect(slot.snapshot).toMatchObject({ state: 'failed', error: { code } });
    display.refusal = undefined;
    await slot.on();
    expect(slot.snapshot).toMatchObject({ state: 'live', error: undefined });
  });
});

describe('what goes wrong', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'ERR_MEDIA_DENIED_BY_BROWSER', /was cancelled/u],
    ['NotAllowedError', 'Permission denied by system', 'ERR_MEDIA_DENIED_BY_SYSTEM', /privacy/u],
    ['NotFoundError', '', 'ERR_MEDIA_NOT_FOUND', /nothing that could be shared/u],
    ['NotReadableError', '', 'ERR_MEDIA_IN_USE', /did not start/u],
    ['NotSupportedError', '', 'ERR_MEDIA_UNSUPPORTED', /on a computer/u],
    ['InvalidStateError', 'must be a user gesture', 'ERR_MEDIA_UNKNOWN', /try again/u],
  ])('%s "%s" is %s', async (name, text, code, sentence) => {
    const { slot, display } = setUp();
    const cause = domError(name, text);
    display.refusal = cause;
    const message = expect.stringMatching(sentence);
    const error = { name: 'MediaError', source: 'screen', code, cause, message };
    await expect(slot.on()).rejects.toMatchObject(error);
  });

  it('an insecure page is told so', async () => {
    const slot = new ScreenShare({
      mediaDevices: undefined,
      createStream: () => new FakeStream().dom,
    });
    await expect(slot.on()).rejects.toMatchObject({ code: 'ERR_MEDIA_INSECURE_ORIGIN' });
  });
});

describe('sharing something else', () => {
  it('changes over, and stops the old one only then', async () => {
    const { slot, display, sent } = setUp();
    await slot.on();
    await slot.on();
    expect(sent.slice(2)).toEqual([
      ['video', 4],
      ['audio', 4],
    ]);
    expect(display.live.map(({ dom }) => dom)).toEqual([slot.snapshot.track, slot.snapshot.sound]);
  });

  it('leaves the old one running when nothing is chosen', async () => {
    const { slot, display } = setUp();
    await slot.on();
    const { track } = slot.snapshot;
    display.refusal = domError('NotAllowedError');
    await expect(slot.on()).rejects.toThrow(/Nothing is shared/u);
    expect(slot.snapshot).toMatchObject({ state: 'live', track, error: { source: 'screen' } });
  });
});

describe('calls that overtake each other', () => {
  it('off() while the person still chooses: what they choose is given back', async () => {
    const { slot, display, sent } = setUp();
    const gate = new Gate();
    display.gate = gate.opened;
    const sharing = slot.on();
    await vi.waitFor(() => expect(display.requests).toHaveLength(1));
    await slot.off();
    gate.open();
    await sharing;
    expect(slot.snapshot.state).toBe('off');
    expect(display.live).toEqual([]);
    expect(sent.filter((entry) => Array.isArray(entry) && entry[0] !== null)).toEqual([]);
  });

  it('a signal ends the wait for a choice, which is given back', async () => {
    const { slot, display } = setUp();
    const gate = new Gate();
    display.gate = gate.opened;
    const giveUp = new AbortController();
    const sharing = slot.on({ signal: giveUp.signal });
    await vi.waitFor(() => expect(slot.snapshot.state).toBe('starting'));
    giveUp.abort(new Error('never mind'));
    await expect(sharing).rejects.toThrow('never mind');
    expect(slot.snapshot).toMatchObject({ state: 'off', error: undefined });
    gate.open();
    await settle();
    expect(display.tracks).toHaveLength(2);
    expect(display.live).toEqual([]);
    expect(slot.snapshot.state).toBe('off');
  });

  it('a refusal that nobody waits for any more changes nothing', async () => {
    const { slot, display } = setUp();
    const gate = new Gate();
    display.gate = gate.opened;
    display.refusal = domError('NotAllowedError');
    const sharing = slot.on();
    await vi.waitFor(() => expect(display.requests).toHaveLength(1));
    await slot.off();
    gate.open();
    await expect(sharing).resolves.toBeUndefined();
    expect(slot.snapshot).toMatchObject({ state: 'off', error: undefined });
  });
});
