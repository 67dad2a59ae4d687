/**
 * Finds the person in a picture: a small neural network (MediaPipe Selfie Segmentation) that runs as
 * WebAssembly on the processor, in this worker. Program and model come from the server of this page.
 * The licences are in public/blur-licenses.txt, which travels with the app.
 * @module
 */
import createTflite from '@twilio/video-processors/dist/build/tflite-simd-1-0-0.js';
import wasmUrl from '@twilio/video-processors/dist/build/tflite-simd-1-0-0.wasm?url';
import modelUrl from '@twilio/video-processors/dist/build/selfie_segmentation_landscape.tflite?url';
import { MASK_SIZE } from './mask.ts';

const POINTS = MASK_SIZE.width * MASK_SIZE.height;
const BYTES_PER_FLOAT = 4;
const BRIGHTEST = 255;

/** Looks at one picture after the other. */
export interface Segmenter {
  /** Takes a picture of {@link MASK_SIZE}, and answers with a mask that is good until the next call. */
  segment(pixels: Uint8ClampedArray): Float32Array;
}

/** Fetches program and model. Rejects when that fails, or when they do not work here. */
export async function loadSegmenter(): Promise<Segmenter> {
  const [wasmBinary, model] = await Promise.all([fetchBytes(wasmUrl), fetchBytes(modelUrl)]);
  const tflite = await createTflite({ wasmBinary });
  tflite.HEAPU8.set(model, tflite._getModelBufferMemoryOffset());
  tflite._loadModel(model.byteLength);
  if (tflite._getInputWidth() !== MASK_SIZE.width || tflite._getOutputWidth() !== MASK_SIZE.width) {
    throw new TypeError('The model is not the one that was expected.');
  }
  return {
    segment: (pixels) => {
      const input = tflite._getInputMemoryOffset() / BYTES_PER_FLOAT;
      for (let point = 0; point < POINTS; point += 1) {
        for (let channel = 0; channel < 3; channel += 1) {
          const value = (pixels[4 * point + channel] ?? 0) / BRIGHTEST;
          tflite.HEAPF32[input + 3 * point + channel] = value;
        }
      }
      tflite._runInference();
      const output = tflite._getOutputMemoryOffset() / BYTES_PER_FLOAT;
      return tflite.HEAPF32.subarray(output, output + POINTS);
    },
  };
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new TypeError(`The server answers ${response.status} to ${url}.`);
  return new Uint8Array(await response.arrayBuffer());
}
