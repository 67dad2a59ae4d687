import { expectPicture, expectSound } from '@parley/testkit';
import { describe, it } from 'vitest';
import { expectText } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

describe('examples/react', () => {
  const stage = useStage(startServerHere);

  it('two people see, hear and mute each other, and one leaves', async () => {
    const [ada, bob] = [await stage.open('chromium'), await stage.open('chromium')];
    for (const [page, name] of [
      [ada, 'Ada'],
      [bob, 'Bob'],
    ] as const) {
      await page.goto(`${stage.server.url}/examples/react/`);
      await page.fill('Your name', name);
      await page.click('button', 'Join');
      await expectText(page, /in the call/u);
    }
    await expectText(ada, /2 in the call[\s\S]*Bob/u);
    await Promise.all([ada, bob].flatMap((page) => [expectPicture(page), expectSound(page)]));
    await bob.click('button', 'Mute');
    await expectText(ada, /Bob \(muted\)/u);
    await bob.click('button', 'Leave');
    await expectText(ada, /1 in the call/u);
  });
});
