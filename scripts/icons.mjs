// @ts-check
/**
 * Draws the icons of the app from their SVGs, with Chromium: systems that install an app want PNGs.
 * Usage: node scripts/icons.mjs
 * @module
 */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ROOT } from './run.mjs';

const PUBLIC = `${ROOT}apps/web/public`;
/** Files below `icons/`, each with its source and size. */
const ICONS = /** @type {const} */ ([
  ['icon-192.png', 'icon.svg', 192],
  ['icon-512.png', 'icon.svg', 512],
  ['maskable-512.png', 'icon-maskable.svg', 512],
  ['apple-touch.png', 'icon-maskable.svg', 180],
]);

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
for (const [file, source, size] of ICONS) {
  const svg = readFileSync(`${PUBLIC}/${source}`).toString('base64');
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}</style><img width="${size}" height="${size}" src="data:image/svg+xml;base64,${svg}">`,
  );
  await page.screenshot({ path: `${PUBLIC}/icons/${file}`, omitBackground: true });
}
await browser.close();
