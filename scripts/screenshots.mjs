// @ts-check
/**
 * `node scripts/screenshots.mjs`: pictures of the app for the documentation, written to docs/screenshots.
 * Real calls in Chromium; in place of cameras there are drawn people, so that nobody's face is needed.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startServer } from '../packages/server/dist/index.js';
import { ROOT } from './run.mjs';

const FOLDER = `${ROOT}docs/screenshots`;
const DESKTOP = { width: 1200, height: 750 };
const PHONE = { width: 390, height: 760 };

/** Runs in the page: a camera that films a drawn person before a calm wall. */
function drawPeople() {
  const { mediaDevices } = navigator;
  const openDevice = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints = {}) => {
    const stream = await openDevice(constraints);
    const [camera] = stream.getVideoTracks();
    if (camera === undefined) return stream;
    const hue = Number(sessionStorage.getItem('hue') ?? 180);
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const paint = canvas.getContext('2d');
    if (paint === null) return stream;
    const draw = () => {
      const wall = paint.createLinearGradient(0, 0, 1280, 720);
      wall.addColorStop(0, `hsl(${hue} 30% 78%)`);
      wall.addColorStop(1, `hsl(${hue + 40} 32% 52%)`);
      paint.fillStyle = wall;
      paint.fillRect(0, 0, 1280, 720);
      paint.fillStyle = `hsl(${hue + 180} 34% 34%)`;
      paint.beginPath();
      paint.ellipse(640, 760, 330, 300, 0, 0, Math.PI * 2);
      paint.fill();
      paint.fillStyle = `hsl(${(hue * 7) % 30} 42% 68%)`;
      paint.beginPath();
      paint.ellipse(640, 350, 118, 146, 0, 0, Math.PI * 2);
      paint.fill();
      paint.fillStyle = `hsl(${hue + 20} 20% 18%)`;
      paint.beginPath();
      paint.ellipse(640, 268, 132, 92, 0, Math.PI, Math.PI * 2);
      paint.fill();
    };
    draw();
    setInterval(draw, 100);
    const [drawn] = canvas.captureStream(10).getVideoTracks();
    if (drawn === undefined) return stream;
    drawn.getSettings = () => camera.getSettings();
    return new MediaStream([drawn, ...stream.getAudioTracks()]);
  };
}

const server = await startServer({ port: 0, host: '127.0.0.1' });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--use-fake-device-for-media-stream=device-count=1',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
});

/** @param {{ hue?: number, viewport?: typeof DESKTOP, colorScheme?: 'light' | 'dark' }} look */
async function open({ hue = 180, viewport = DESKTOP, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale: 'en-GB',
    hasTouch: viewport === PHONE,
  });
  await context.addInitScript(
    `sessionStorage.setItem('hue', '${hue}'); (${drawPeople.toString()})();`,
  );
  return context.newPage();
}

/** @typedef {Awaited<ReturnType<typeof open>>} Page */

/** @param {Page} page @param {string} name */
async function join(page, name) {
  await page.goto(`${server.url}/r/amber-river-lark`);
  await page.getByLabel('Your name').fill(name);
  await page.locator('[role="switch"][aria-busy="false"]').nth(1).waitFor();
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('region', { name: 'Call controls' }).waitFor();
}

/** @param {Page} page @param {string} name */
async function keep(page, name) {
  await page.waitForTimeout(1500);
  await page.mouse.move(2, 2);
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  console.log(`docs/screenshots/${name}.png`);
}

mkdirSync(FOLDER, { recursive: true });
try {
  const ada = await open({ hue: 180 });
  await ada.goto(server.url);
  await keep(ada, 'home');
  await ada.goto(`${server.url}/r/amber-river-lark`);
  await ada.getByLabel('Your name').fill('Ada');
  await keep(ada, 'lobby');
  await join(ada, 'Ada');
  await keep(ada, 'alone');
  const bob = await open({ hue: 20, viewport: PHONE, colorScheme: 'dark' });
  await join(bob, 'Bob');
  await keep(ada, 'two');
  await keep(bob, 'phone');
  const eve = await open({ hue: 265, colorScheme: 'dark' });
  await join(eve, 'Eve');
  await bob.getByRole('button', { name: 'Reactions' }).click();
  await bob.getByRole('switch', { name: 'Raise hand' }).last().click();
  await bob.keyboard.press('Escape');
  await ada.getByRole('button', { name: 'Chat' }).click();
  await ada.getByLabel('Message to everybody').fill('The plan: https://example.org/plan');
  await ada.keyboard.press('Enter');
  await eve.getByRole('button', { name: /^Chat/ }).click();
  await eve.getByLabel('Message to everybody').fill('Thanks, I see it.');
  await eve.keyboard.press('Enter');
  await keep(eve, 'chat');
  await eve.getByRole('button', { name: 'More' }).click();
  await eve.getByRole('button', { name: 'Connections' }).click();
  await eve.waitForTimeout(8000);
  await keep(eve, 'connections');
} finally {
  await browser.close();
  await server.close();
}
