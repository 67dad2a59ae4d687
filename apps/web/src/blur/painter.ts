/**
 * Paints a picture anew: the person sharp, what is behind them blurred. Mask and picture always belong
 * together, so no background is ever seen at an edge that has moved on.
 * @module
 */
import { followMask, MASK_SIZE, writeOpacity } from './mask.ts';
import type { Segmenter } from './segmenter.ts';
import { SOFT_SIZE, Softener } from './soften.ts';

/** A picture and its size in pixels. */
export interface Picture {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

interface Sheet {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
}

/** See the module comment. */
export class Painter {
  readonly #segmenter: Segmenter;
  readonly #softener = new Softener();
  readonly #mask = new Float32Array(MASK_SIZE.width * MASK_SIZE.height);
  readonly #opacity = new ImageData(MASK_SIZE.width, MASK_SIZE.height);
  readonly #soft = new ImageData(SOFT_SIZE.width, SOFT_SIZE.height);
  readonly #small = createSheet(MASK_SIZE, { willReadFrequently: true });
  readonly #person = createSheet(MASK_SIZE);
  readonly #background = createSheet(SOFT_SIZE);
  readonly #whole = createSheet(MASK_SIZE);

  constructor(segmenter: Segmenter) {
    this.#segmenter = segmenter;
  }

  /** The painted picture is good until the next call. */
  paint({ image, width, height }: Picture): OffscreenCanvas {
    this.#look(image);
    const { canvas, context } = this.#whole;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.imageSmoothingQuality = 'high';
    context.globalCompositeOperation = 'copy';
    context.drawImage(this.#person.canvas, 0, 0, width, height);
    context.globalCompositeOperation = 'source-in';
    context.drawImage(image, 0, 0, width, height);
    context.globalCompositeOperation = 'destination-over';
    context.drawImage(this.#background.canvas, 0, 0, width, height);
    return canvas;
  }

  /** What was painted last, for whoever needs it elsewhere. */
  takePainted(): ImageBitmap {
    return this.#whole.canvas.transferToImageBitmap();
  }

  /** Finds the person, and blurs the rest. */
  #look(image: CanvasImageSource): void {
    const { width, height } = MASK_SIZE;
    this.#small.context.drawImage(image, 0, 0, width, height);
    const { data } = this.#small.context.getImageData(0, 0, width, height);
    followMask(this.#mask, this.#segmenter.segment(data));
    writeOpacity(this.#mask, this.#opacity.data);
    this.#person.context.putImageData(this.#opacity, 0, 0);
    this.#softener.soften(data, this.#mask, this.#soft.data);
    this.#background.context.putImageData(this.#soft, 0, 0);
  }
}

function createSheet(
  { width, height }: { readonly width: number; readonly height: number },
  settings?: CanvasRenderingContext2DSettings,
): Sheet {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', settings);
  if (context === null) throw new TypeError('This browser has no canvas in workers.');
  return { canvas, context };
}
