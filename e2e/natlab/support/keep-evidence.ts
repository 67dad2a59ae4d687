/**
 * What is kept of a call that failed: a picture of the page, and every candidate and pair it knows.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Caller } from './caller.ts';

const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url));

/** Writes one picture and one JSON file, named after the test and the caller. */
export async function keepEvidence(test: string, { name, page }: Caller): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true });
  const path = `${ARTIFACTS}${`${test} ${name}`.replaceAll(/[^a-z0-9]+/giu, '-')}` as const;
  const connections = await page.evaluate(() => window.rtcProbe?.read(), undefined);
  const evidence = { errors: page.errors, requests: page.requests, connections };
  writeFileSync(`${path}.json`, JSON.stringify(evidence, undefined, 2));
  await page.screenshot(`${path}.png`);
}
