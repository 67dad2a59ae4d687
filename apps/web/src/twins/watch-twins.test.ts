import { expect, it } from 'vitest';
import { watchTwins } from './watch-twins.ts';
import type { TabChannel } from './watch-twins.ts';

/** Channels that reach each other, as those of the tabs of one browser do. */
function fakeBrowser(): { open: () => TabChannel; shout: (data: unknown) => void } {
  const tabs = new Map<TabChannel, (event: { readonly data: unknown }) => void>();
  return {
    open: () => {
      const channel: TabChannel = {
        addEventListener: (_type, listener) => void tabs.set(channel, listener),
        postMessage: (data) => {
          for (const [other, listen] of tabs) if (other !== channel) listen({ data });
        },
        close: () => void tabs.delete(channel),
      };
      return channel;
    },
    shout: (data) => {
      for (const listen of tabs.values()) listen({ data });
    },
  };
}

function tab(browser: ReturnType<typeof fakeBrowser>, id: string) {
  const twins: string[] = [];
  const stop = watchTwins({
    channel: browser.open(),
    id,
    onTwin: (twin, wasFirst) => twins.push(wasFirst ? `${twin} was first` : twin),
  });
  return { twins, stop };
}

it('each of several tabs learns of the others, and who was there first', () => {
  const browser = fakeBrowser();
  const [first, second, third] = ['1', '2', '3'].map((id) => tab(browser, id));
  expect(first?.twins).toEqual(['2', '3']);
  expect(second?.twins).toEqual(['1 was first', '3']);
  expect(third?.twins).toEqual(['1 was first', '2 was first']);
});

it('a tab alone hears nothing, and one that has left answers nobody', () => {
  const browser = fakeBrowser();
  const first = tab(browser, '1');
  first.stop();
  const second = tab(browser, '2');
  expect([first.twins, second.twins]).toEqual([[], []]);
});

it('takes nothing but what tabs say', () => {
  const browser = fakeBrowser();
  const { twins } = tab(browser, '1');
  for (const nonsense of [undefined, 'hello', [], [7], [[]], { id: '2' }]) {
    browser.shout(nonsense);
  }
  expect(twins).toEqual([]);
});
