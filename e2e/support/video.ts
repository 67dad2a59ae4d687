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

/** A part of a picture; its whole width and height are 1. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Variance of the Laplacian: large where there are edges, next to nothing where all is soft. */
export async function readDetail(
  page: TestPage,
  selector: string,
  region: Region,
): Promise<number> {
  return page.evaluate(
    ({ target, part }) => {
      const video = document.querySelector(target);
      if (!(video instanceof HTMLVideoElement) || video.videoWidth === 0) return 0;
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('This browser has no canvas');
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const width = Math.round(part.width * canvas.width);
      const height = Math.round(part.height * canvas.height);
      const left = Math.round(part.left * canvas.width);
      const top = Math.round(part.top * canvas.height);
      const { data } = context.getImageData(left, top, width, height);
      const light = (x: number, y: number): number => {
        const at = 4 * (y * width + x);
        return ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
      };
      const edges: number[] = [];
      for (let y = 1; y < height - 1; y += 1) {
        for (let x = 1; x < width - 1; x += 1) {
          const around = light(x - 1, y) + light(x + 1, y) + light(x, y - 1) + light(x, y + 1);
          edges.push(around - 4 * light(x, y));
        }
      }
      const mean = edges.reduce((sum, edge) => sum + edge, 0) / edges.length;
      return edges.reduce((sum, edge) => sum + (edge - mean) ** 2, 0) / edges.length;
    },
    { target: selector, part: region },
  );
}
