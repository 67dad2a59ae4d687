/**
 * Draws somebody in a room in place of the test picture of a fake camera. Runs inside the page, before the page's
 * own scripts.
 * @module
 */

/** Stands alone: its source text is sent to the page. `scale` is 1 for a picture of 1280 x 720. */
export function drawPerson(hue: number, scale: number): void {
  const FRAMES_PER_SECOND = 15;
  const devices: MediaDevices | undefined = Reflect.get(navigator, 'mediaDevices');
  if (devices === undefined) return;
  const open = devices.getUserMedia.bind(devices);

  const draw = (): MediaStreamTrack[] => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1280 * scale, 720 * scale];
    const context = canvas.getContext('2d');
    context?.scale(scale, scale);
    const fill = (color: string, shape: (path: CanvasPath) => void): void => {
      if (context === null) return;
      context.beginPath();
      shape(context);
      context.fillStyle = color;
      context.fill();
    };
    const paint = (): void => {
      if (context === null) return;
      const wall = context.createLinearGradient(0, 0, 1280, 720);
      wall.addColorStop(0, `hsl(${hue} 32% 82%)`);
      wall.addColorStop(1, `hsl(${hue + 30} 30% 58%)`);
      context.fillStyle = wall;
      context.fillRect(0, 0, 1280, 720);
      const nod = Math.sin(performance.now() / 900) * 6;
      fill(`hsl(${hue + 20} 30% 92%)`, (path) => path.roundRect(90, 80, 270, 330, 14));
      fill(`hsl(${hue + 200} 45% 78%)`, (path) => path.roundRect(110, 100, 230, 290, 8));
      fill(`hsl(${hue + 180} 38% 36%)`, (path) => path.ellipse(640, 800, 330, 300, 0, 0, 7));
      fill('hsl(24 48% 62%)', (path) => path.roundRect(575, 430 + nod, 130, 130, 50));
      fill(`hsl(${hue + 210} 28% 20%)`, (path) => path.ellipse(640, 300 + nod, 168, 190, 0, 0, 7));
      fill('hsl(24 52% 70%)', (path) => path.ellipse(640, 330 + nod, 135, 165, 0, 0, 7));
      for (const x of [588, 692]) {
        fill('hsl(24 40% 22%)', (path) => path.ellipse(x, 315 + nod, 11, 14, 0, 0, 7));
      }
      fill('hsl(6 55% 48%)', (path) => path.ellipse(640, 408 + nod, 46, 20, 0, 0, Math.PI));
    };
    paint();
    setInterval(paint, 1000 / FRAMES_PER_SECOND);
    return canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  };

  devices.getUserMedia = async (constraints = {}) => {
    const stream = await open(constraints);
    const [camera] = stream.getVideoTracks();
    if (camera === undefined) return stream;
    const settings = camera.getSettings();
    camera.stop();
    const drawn = draw();
    // The SDK asks which device it has.
    for (const track of drawn) track.getSettings = () => settings;
    return new MediaStream([...stream.getAudioTracks(), ...drawn]);
  };
}
