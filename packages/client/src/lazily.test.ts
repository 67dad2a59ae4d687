import { expect, it } from 'vitest';
import { lazily } from './lazily.ts';

it('loads a part once, when it is first used', async () => {
  let loads = 0;
  const part = lazily(async () => {
    loads += 1;
    return 'part';
  });
  expect(loads).toBe(0);
  expect(await Promise.all([part(), part()])).toEqual(['part', 'part']);
  expect(loads).toBe(1);
});

it('tries again after a failure', async () => {
  const cause = new TypeError('Failed to fetch dynamically imported module');
  let isThere = false;
  const part = lazily(async () => {
    if (!isThere) throw cause;
    return 'part';
  });
  await expect(part()).rejects.toMatchObject({ code: 'ERR_SDK_LOAD', cause });
  isThere = true;
  expect(await part()).toBe('part');
});
