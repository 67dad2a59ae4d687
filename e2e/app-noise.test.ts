import { eventually, expectSound } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './support/accessibility.ts';
import { expectElement, meetInApp } from './support/app-page.ts';
import { makeBusy } from './support/quality.ts';
import { startServerHere, useStage } from './support/stage.ts';

/** At least 20 dB of the noise go. */
const QUIETER = 10;
/** At least a third of the voice stays. */
const KEPT = 1 / 3;

/** Loudness without and with suppression: root mean square of the last second. */
interface Measured {
  readonly before: number;
  readonly after: number;
}

/** What begins late, on a busy machine, has not learned yet what noise is: then another try tells. */
const isQuieter = ({ before, after }: Measured): boolean => after > 0 && after < before / QUIETER;
const isKept = ({ before, after }: Measured): boolean => after > before * KEPT;

/** Runs what the page has fetched over a sound, faster than it would be played: no clock is involved. */
async function measure(page: TestPage, sound: 'noise' | 'voice'): Promise<Measured> {
  const fetched = (name: RegExp): string => page.requests.find((url) => name.test(url)) ?? '';
  return page.evaluate(
    async ({ kind, address, wasm }) => {
      const rate = 48_000;
      const seconds = 3;
      const context = new OfflineAudioContext(2, rate * seconds, rate);
      const samples = new Float32Array(rate * seconds);
      if (kind === 'noise') {
        for (const at of samples.keys()) samples[at] = (Math.random() - 0.5) * 0.2;
      } else {
        // Syllables: pulses of a deep voice that goes up and down.
        for (let at = 0; at < samples.length; at += Math.round(400 + 40 * Math.sin(at / 9000))) {
          samples[at] = Math.max(0, Math.sin((at / rate) * 2 * Math.PI * 1.5));
        }
      }
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      let input: AudioNode = source;
      if (kind === 'voice') {
        // The resonances of an open mouth.
        input = new GainNode(context, { gain: 6 });
        for (const frequency of [700, 1220, 2600]) {
          const resonance = new BiquadFilterNode(context, { type: 'bandpass', frequency, Q: 6 });
          source.connect(resonance).connect(input);
        }
      }
      // What a worklet fetches is no request of the page; a module of the page knows its address.
      const [worklet = ''] = /\/assets[^`"']+/u.exec(await (await fetch(address)).text()) ?? [];
      await context.audioWorklet.addModule(worklet);
      const wasmBinary = await (await fetch(wasm)).arrayBuffer();
      const node = new AudioWorkletNode(context, '@sapphi-red/web-noise-suppressor/rnnoise', {
        processorOptions: { maxChannels: 1, wasmBinary },
      });
      const sides = new ChannelMergerNode(context, { numberOfInputs: 2 });
      input.connect(sides, 0, 0);
      input.connect(node).connect(sides, 0, 1);
      sides.connect(context.destination);
      source.start();
      // The worklet gives nothing before its WebAssembly is ready, and does not say when that is.
      await new Promise((resolve) => {
        setTimeout(resolve, 1_500);
      });
      const rendered = await context.startRendering();
      const loudness = (side: number): number => {
        const last = rendered.getChannelData(side).slice(-rate);
        return Math.sqrt(last.reduce((sum, value) => sum + value * value, 0) / last.length);
      };
      return { before: loudness(0), after: loudness(1) };
    },
    { kind: sound, address: fetched(/workletProcessor/u), wasm: fetched(/rnnoise[^/]*\.wasm/u) },
  );
}

/** Names of the tracks that the page sends as its voice. */
async function sentVoices(page: TestPage): Promise<readonly (string | undefined)[]> {
  return page.evaluate(() => {
    const open = (window.rtcProbe?.connections ?? []).filter(
      ({ connectionState }) => connectionState === 'connected',
    );
    return open
      .flatMap((connection) => connection.getSenders())
      .filter(({ track }) => track?.kind === 'audio')
      .map(({ track }) => track?.label);
  }, undefined);
}

async function toggleSuppression(page: TestPage): Promise<void> {
  await page.evaluate(() => {
    const box = document.querySelector<HTMLInputElement>('input[name="noise"]');
    if (box === null) throw new Error('no switch for noise');
    box.click();
  }, undefined);
}

describe('the suppression of noise', () => {
  const stage = useStage(startServerHere);

  it('is fetched when somebody asks for it, sends a voice without noise, and ends', async () => {
    const room = stage.newRoom();
    const [ada, bob] = await Promise.all([stage.open('chromium'), stage.open('chromium')]);
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await expectSound(bob);
    const isFetched = (): boolean => ada.requests.some((address) => /rnnoise/u.test(address));
    expect(isFetched(), 'fetched without having been asked for').toBe(false);
    const [device] = await sentVoices(ada);

    await ada.click('button', 'More');
    await ada.click('button', 'Settings');
    await expectElement(ada, 'input[name="noise"]');
    await toggleSuppression(ada);
    const isOther = ([voice]: readonly (string | undefined)[]): boolean => voice !== device;
    await eventually('another voice', () => sentVoices(ada), isOther);
    await expectAccessible(ada, 'settings with suppression of noise');
    const voice = await eventually('a voice that stays', () => measure(ada, 'voice'), isKept);
    const noise = await eventually('noise that goes', () => measure(ada, 'noise'), isQuieter);
    const words = [noise, voice].map(({ before, after }) => `${before} -> ${after}`);
    console.log(`noise ${words[0]}, voice ${words[1]}`);

    await makeBusy(ada);
    await ada.click('button', 'Stop suppressing noise');
    await eventually(
      'the microphone itself',
      () => sentVoices(ada),
      (voices) => !isOther(voices),
    );
    await expectElement(ada, 'input[name="noise"]:not(:checked)');
    await expectSound(bob);
  });
});
