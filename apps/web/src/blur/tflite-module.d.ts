/** The program that runs models, as Emscripten packs it: numbers that are addresses in its memory. */
declare module '@twilio/video-processors/dist/build/tflite-simd-1-0-0.js' {
  interface Tflite {
    readonly HEAPU8: Uint8Array;
    readonly HEAPF32: Float32Array;
    _getModelBufferMemoryOffset(): number;
    _loadModel(bytes: number): number;
    _getInputMemoryOffset(): number;
    _getInputWidth(): number;
    _getOutputMemoryOffset(): number;
    _getOutputWidth(): number;
    _runInference(): number;
  }
  const createTflite: (options: { readonly wasmBinary: Uint8Array }) => Promise<Tflite>;
  export default createTflite;
}
