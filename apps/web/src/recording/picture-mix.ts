/**
 * All pictures of a call on one canvas.
 * @module
 */
import { choosePictureFit } from '../call/tile-fit.ts';
import { createDrawnTrack } from '../frames/drawn-track.ts';
import { followFrames } from '../frames/latest-frame.ts';
import type { LatestFrame } from '../frames/latest-frame.ts';
import { startTicker } from '../frames/ticker.ts';
import { initials } from '../media/initials.ts';
import { arrangeRecording } from './arrange-recording.ts';
import type { Box } from './arrange-recording.ts';

/** Somebody, or what they share. */
export interface Shown {
  /** Untrusted text. */
  readonly name: string;
  /** Undefined: there is no picture, and initials stand in its place. */
  readonly track: MediaStreamTrack | undefined;
}

/** Everything that is to be seen. */
export interface Scene {
  readonly people: readonly Shown[];
  readonly screens: readonly Shown[];
}

const SIZE = { width: 1280, height: 720 } as const;
const FONT = 'system-ui, sans-serif';
const COLORS = { ground: '#10191a', tile: '#202b2e', disc: '#0f766e', shade: '#000000a6' } as const;

/** See the module comment. Its owner must {@link PictureMix.close} it. */
export class PictureMix {
  readonly #canvas = Object.assign(document.createElement('canvas'), SIZE);
  readonly #drawn = createDrawnTrack(this.#canvas);
  readonly #frames = new Map<MediaStreamTrack, LatestFrame>();
  readonly #stop: () => void;
  #isClosed = false;
  #scene: Scene = { people: [], screens: [] };

  constructor() {
    const paint = this.#canvas.getContext('2d', { alpha: false });
    if (paint === null) throw new TypeError('This browser gives no canvas.');
    this.#stop = startTicker(() => {
      this.#draw(paint);
      this.#drawn.show();
    });
  }

  /** What is drawn, as a track. */
  get track(): MediaStreamTrack {
    return this.#drawn.track;
  }

  /** Draws these from now on. */
  use(scene: Scene): void {
    if (this.#isClosed) return;
    this.#scene = scene;
    const tracks = [...scene.people, ...scene.screens].map(({ track }) => track);
    const wanted = new Set(tracks.filter((track) => track !== undefined));
    for (const [track, frames] of this.#frames) {
      if (wanted.has(track)) continue;
      frames.close();
      this.#frames.delete(track);
    }
    for (const track of wanted) {
      if (!this.#frames.has(track)) this.#frames.set(track, followFrames(track));
    }
  }

  /** Ends the track. Idempotent. */
  close(): void {
    this.#stop();
    this.use({ people: [], screens: [] });
    this.#isClosed = true;
    this.#drawn.close();
  }

  #draw(paint: CanvasRenderingContext2D): void {
    const { people, screens } = this.#scene;
    const places = arrangeRecording(SIZE, { people: people.length, screens: screens.length });
    paint.fillStyle = COLORS.ground;
    paint.fillRect(0, 0, SIZE.width, SIZE.height);
    for (const [index, box] of places.screens.entries()) {
      this.#drawOne(paint, box, { shown: screens[index], isWhole: true });
    }
    for (const [index, box] of places.people.entries()) {
      this.#drawOne(paint, box, { shown: people[index], isWhole: false });
    }
  }

  #drawOne(
    paint: CanvasRenderingContext2D,
    box: Box,
    { shown, isWhole }: { readonly shown: Shown | undefined; readonly isWhole: boolean },
  ): void {
    if (shown === undefined) return;
    paint.save();
    paint.beginPath();
    paint.roundRect(box.x, box.y, box.width, box.height, 12);
    paint.clip();
    paint.fillStyle = COLORS.tile;
    paint.fillRect(box.x, box.y, box.width, box.height);
    const frame = shown.track && this.#frames.get(shown.track)?.read();
    if (frame === undefined) drawInitials(paint, box, shown.name);
    else {
      const fit = choosePictureFit(frame.width / frame.height, box.width / box.height);
      const [x, y] = [box.width / frame.width, box.height / frame.height];
      const scale = isWhole || fit === 'contain' ? Math.min(x, y) : Math.max(x, y);
      const [width, height] = [frame.width * scale, frame.height * scale];
      const left = box.x + (box.width - width) / 2;
      paint.drawImage(frame.image, left, box.y + (box.height - height) / 2, width, height);
    }
    drawName(paint, box, shown.name);
    paint.restore();
  }
}

function drawInitials(paint: CanvasRenderingContext2D, box: Box, name: string): void {
  const radius = Math.min(box.width, box.height) * 0.2;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  paint.fillStyle = COLORS.disc;
  paint.beginPath();
  paint.arc(x, y, radius, 0, 2 * Math.PI);
  paint.fill();
  paint.fillStyle = '#ffffff';
  paint.textAlign = 'center';
  paint.textBaseline = 'middle';
  paint.font = `600 ${Math.round(radius * 0.8)}px ${FONT}`;
  paint.fillText(initials(name), x, y);
}

function drawName(paint: CanvasRenderingContext2D, box: Box, name: string): void {
  if (name === '') return;
  paint.font = `16px ${FONT}`;
  paint.textAlign = 'left';
  paint.textBaseline = 'middle';
  const width = Math.min(paint.measureText(name).width, box.width - 44);
  const [x, y] = [box.x + 10, box.y + box.height - 38];
  paint.fillStyle = COLORS.shade;
  paint.beginPath();
  paint.roundRect(x, y, width + 24, 28, 14);
  paint.fill();
  paint.fillStyle = '#ffffff';
  paint.fillText(name, x + 12, y + 15, width);
}
