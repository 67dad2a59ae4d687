/**
 * What a `<video>` element shows, as a person would see it.
 * @module
 */
import { eventually } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';

/** Mean brightness, from 0 (black) to 255; nothing when the element shows no picture at all. */
async function readBrightness(page: TestPage, selector: string): Promise<number | undefined> {
  return page.evaluate((target) => {
    const video = document.querySelector(target);
    if (!(video instanceof HTMLVideoElement) || video.videoWidth === 0) return undefined;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser has no canvas');
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (const [index, value] of data.entries()) if (index % 4 !== 3) sum += value;
    return sum / ((data.length / 4) * 3);
  }, selector);
}

/** Cameras that are off send black; compression may leave a trace of light. */
const BLACK = 16;

/** Waits until the element shows something that is not black. */
export async function expectLight(page: TestPage, selector: string): Promise<void> {
  await eventually(
    `a picture in ${selector}`,
    () => readBrightness(page, selector),
    (brightness = 0) => brightness > BLACK,
  );
}

/** Waits until the element shows a picture, and that picture is black. */
export async function expectBlack(page: TestPage, selector: string): Promise<void> {
  await eventually(
    `black in ${selector}`,
    () => readBrightness(page, selector),
    (brightness = 255) => brightness <= BLACK,
  );
}
