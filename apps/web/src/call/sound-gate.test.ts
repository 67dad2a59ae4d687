import { expect, it } from 'vitest';
import { SoundGate } from './sound-gate.ts';
import type { Playable } from './sound-gate.ts';

/** An element of a browser that lets only silent media start, until it is told otherwise. */
class StrictElement implements Playable {
  muted = true;
  playing = false;
  refusal: string | undefined = 'NotAllowedError';

  async play(): Promise<void> {
    if (this.refusal !== undefined && !this.muted) throw new DOMException('no', this.refusal);
    this.playing = true;
  }
}

it('plays with sound where the browser allows it', async () => {
  const gate = new SoundGate();
  const element = new StrictElement();
  element.refusal = undefined;
  await gate.play(element, 'ada');
  expect(element).toMatchObject({ playing: true, muted: false });
  expect(gate.blocked.value).toBe(false);
});

it('shows the picture in silence where the browser refuses, and says so', async () => {
  const gate = new SoundGate();
  const element = new StrictElement();
  await gate.play(element, 'ada');
  expect(element).toMatchObject({ playing: true, muted: true });
  expect(gate.blocked.value).toBe(true);
});

it('turns every sound on after a click', async () => {
  const gate = new SoundGate();
  const elements = [new StrictElement(), new StrictElement()];
  await Promise.all(elements.map((element) => gate.play(element, 'ada')));
  for (const element of elements) element.refusal = undefined;
  await gate.open();
  expect(elements.map((element) => element.muted)).toEqual([false, false]);
  expect(gate.blocked.value).toBe(false);
});

it('asks again when the browser still refuses', async () => {
  const gate = new SoundGate();
  const element = new StrictElement();
  await gate.play(element, 'ada');
  await gate.open();
  expect(element.muted).toBe(true);
  expect(gate.blocked.value).toBe(true);
});

it('does not take an interrupted load for a refusal', async () => {
  const gate = new SoundGate();
  const element = new StrictElement();
  element.refusal = 'AbortError';
  await gate.play(element, 'ada');
  expect(element.muted).toBe(false);
  expect(gate.blocked.value).toBe(false);
});

it('stops asking when the last silenced person has left', async () => {
  const gate = new SoundGate();
  const element = new StrictElement();
  await gate.play(element, 'ada');
  gate.forget(element);
  expect(gate.blocked.value).toBe(false);
});

it('plays everything on the chosen speaker, also what comes later', async () => {
  const routed: string[] = [];
  const element = (): Playable => ({
    muted: true,
    play: async () => undefined,
    setSinkId: async (deviceId) => {
      routed.push(deviceId);
      if (deviceId === 'gone') throw new DOMException('no', 'NotFoundError');
    },
  });
  const gate = new SoundGate();
  await gate.play(element(), 'ada');
  expect(routed).toEqual([]);
  await gate.chooseSpeaker('headset');
  await gate.play(element(), 'ada');
  expect(routed).toEqual(['headset', 'headset']);
  await gate.chooseSpeaker('gone');
  expect(gate.blocked.value).toBe(false);
});

it('keeps everybody silent until it is opened, also those who come later', async () => {
  const gate = new SoundGate();
  const [early, late] = [new StrictElement(), new StrictElement()];
  for (const element of [early, late]) element.refusal = undefined;
  await gate.play(early, 'ada');
  gate.hush();
  await gate.play(late, 'bob');
  expect([early.muted, late.muted, late.playing, gate.blocked.value]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  gate.forget(late);
  expect(gate.blocked.value).toBe(true);
  await gate.open();
  expect([early.muted, gate.blocked.value]).toEqual([false, false]);
});

it('never plays who is left out, whoever comes first and whatever is opened', async () => {
  const gate = new SoundGate();
  const [mine, later, ada] = [new StrictElement(), new StrictElement(), new StrictElement()];
  for (const element of [mine, later, ada]) element.refusal = undefined;
  await gate.play(mine, 'my other tab');
  await gate.play(ada, 'ada');
  gate.leaveOut('my other tab');
  await gate.play(later, 'my other tab');
  await gate.open();
  expect([mine.muted, later.muted, ada.muted]).toEqual([true, true, false]);
});

it('does not turn on what the browser has refused when somebody else is left out', async () => {
  const gate = new SoundGate();
  const element = new StrictElement();
  await gate.play(element, 'ada');
  gate.leaveOut('my other tab');
  expect([element.muted, gate.blocked.value]).toEqual([true, true]);
});
