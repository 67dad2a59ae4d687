/**
 * Frames of one track, painted anew, become those of another. Whatever happens, each frame is closed:
 * a camera whose frames are kept stands still.
 * @module
 */

/** Where frames come from, where they go, and what happens between. */
export interface RepaintFramesOptions {
  readonly reader: Pick<ReadableStreamDefaultReader<VideoFrame>, 'read'>;
  readonly writer: Pick<WritableStreamDefaultWriter<VideoFrame>, 'write'>;
  /** Undefined: this frame is left out. */
  readonly repaint: (frame: VideoFrame) => VideoFrame | undefined;
}

/** Resolves when nothing more comes; rejects when a frame cannot be painted, or is not taken. */
export async function repaintFrames(options: RepaintFramesOptions): Promise<void> {
  const { reader, writer, repaint } = options;
  for (;;) {
    const { value: frame } = await reader.read();
    if (frame === undefined) return;
    try {
      const painted = repaint(frame);
      if (painted !== undefined) await show(writer, painted);
    } finally {
      frame.close();
    }
  }
}

/** The track lets go of what it takes, but not of what comes too late. */
async function show(writer: RepaintFramesOptions['writer'], painted: VideoFrame): Promise<void> {
  try {
    await writer.write(painted);
  } finally {
    painted.close();
  }
}
