/**
 * Frames that know whether somebody has closed them, for tests.
 * @module
 */

/** A frame without a picture. */
export class FakeFrame {
  readonly displayWidth = 320;
  readonly displayHeight = 180;
  closed = 0;

  close(): void {
    this.closed += 1;
  }
}

/** Whether it may stand for a frame: so that fakes pass for what browsers have. */
export function isFrame(value: unknown): value is VideoFrame {
  return value instanceof FakeFrame;
}

/** Every frame that was made so far. */
export class FrameMaker {
  readonly made: FakeFrame[] = [];

  /** A new frame. */
  make(): VideoFrame {
    const frame = new FakeFrame();
    this.made.push(frame);
    if (!isFrame(frame)) throw new TypeError('no frame');
    return frame;
  }

  /** How many of them nobody has closed. */
  get open(): number {
    return this.made.filter(({ closed }) => closed === 0).length;
  }
}
