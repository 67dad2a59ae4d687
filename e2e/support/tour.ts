/**
 * A walk through every state of the app, as one person sees them in one language. Whoever calls looks at each one.
 * @module
 */
import { expectPicture } from '@parley/testkit';
import type { BrowserOptions, TestPage } from '@parley/testkit';
import enCall from '../../apps/web/src/i18n/locales/en-call.json' with { type: 'json' };
import enPanel from '../../apps/web/src/i18n/locales/en-panel.json' with { type: 'json' };
import enProblem from '../../apps/web/src/i18n/locales/en-problem.json' with { type: 'json' };
import en from '../../apps/web/src/i18n/locales/en.json' with { type: 'json' };
import koCall from '../../apps/web/src/i18n/locales/ko-call.json' with { type: 'json' };
import koPanel from '../../apps/web/src/i18n/locales/ko-panel.json' with { type: 'json' };
import koProblem from '../../apps/web/src/i18n/locales/ko-problem.json' with { type: 'json' };
import ko from '../../apps/web/src/i18n/locales/ko.json' with { type: 'json' };
import { expectElement, expectText, joinApp, openRoom } from './app-page.ts';
import { MACHINE_NAME } from './stage.ts';
import type { Stage } from './stage.ts';

const WORDS: Readonly<Record<'en' | 'ko', Readonly<Record<string, string>>>> = {
  en: { ...en, ...enCall, ...enPanel, ...enProblem },
  ko: { ...ko, ...koCall, ...koPanel, ...koProblem },
};

/** How a walk is made. */
export interface TourOptions {
  /** Its server is taken away, near the end. */
  readonly stage: Stage;
  readonly language: 'en' | 'ko';
  /** The browser of the person who walks. */
  readonly viewer: BrowserOptions;
  /** Those of the others: two of them. */
  readonly others: readonly [BrowserOptions, BrowserOptions];
  readonly visit: (state: string, page: TestPage) => Promise<void>;
}

interface Fault {
  readonly state: string;
  readonly name: string;
  readonly message: string;
  /** Part of the title that the card has. */
  readonly title: string;
}

const FAULTS: readonly Fault[] = [
  {
    state: 'blocked by the browser',
    name: 'NotAllowedError',
    message: 'Permission denied',
    title: 'browser',
  },
  {
    state: 'blocked by the system',
    name: 'NotAllowedError',
    message: 'Permission denied by system',
    title: 'system',
  },
  { state: 'in use', name: 'NotReadableError', message: '', title: 'inUse' },
  { state: 'not found', name: 'NotFoundError', message: '', title: 'notFound' },
  { state: 'unplugged', name: 'OverconstrainedError', message: '', title: 'overconstrained' },
  { state: 'unknown', name: 'UnknownError', message: '', title: 'unknown' },
];

/** Walks from the first page to the last one. */
export async function tour(options: TourOptions): Promise<void> {
  const { stage, language, viewer, others, visit } = options;
  const say = (key: string): string => WORDS[language][key] ?? key;
  const room = stage.newRoom();
  const page = await stage.open('chromium', { ...viewer, machineName: MACHINE_NAME });
  const { port } = new URL(stage.server.url);
  await page.goto(`http://${MACHINE_NAME}:${port}/r/${encodeURIComponent(room)}`);
  await expectText(page, exactly(say('problem.insecure.title')));
  await visit('page without https', page);
  await page.goto(stage.server.url);
  await expectText(page, exactly(say('home.newCall')));
  await visit('home', page);
  await openRoom(page, stage, room);
  await expectText(page, exactly(say('lobby.start')));
  await visit('lobby', page);
  await walkThroughFaults(options, page, say);

  await page.fill(say('lobby.name'), language === 'en' ? 'Ada' : '민지');
  await page.click('button', exactly(say('lobby.start')));
  await expectElement(page, '[data-controls]');
  await page.click('button', say('call.showQr'));
  await expectElement(page, 'svg[role="img"]');
  await visit('alone', page);

  const bob = await stage.open('chromium', others[0]);
  await joinApp(bob, stage, { room, name: language === 'en' ? 'Bob' : '하준' });
  await expectPicture(page);
  await visit('two', page);
  await walkThroughPanels(options, page, say);

  await bob.click('switch', 'Share screen');
  await expectElement(page, '[data-screen] video');
  await visit('shared screen', page);
  await bob.click('switch', 'Share screen');
  await shareScreen(options, page, say);
  const eve = await stage.open('chromium', others[1]);
  await joinApp(eve, stage, { room, name: language === 'en' ? 'Eve' : '서연' });
  await expectPicture(page, 2);
  await visit('grid', page);

  await stage.stopServer();
  await expectText(page, exactly(say('call.reconnecting.title')));
  await visit('reconnecting', page);
  await page.click('button', say('call.leave'));
  await expectText(page, exactly(say('left.title')));
  await visit('left', page);
}

type Say = (key: string) => string;

/** Each way in which a camera fails, one after the other, and then it works again. */
async function walkThroughFaults({ visit }: TourOptions, page: TestPage, say: Say): Promise<void> {
  const camera = say('device.camera');
  await page.click('switch', camera);
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    Object.assign(window, { openDevices: mediaDevices.getUserMedia.bind(mediaDevices) });
  }, undefined);
  for (const [index, { state, name, message, title }] of FAULTS.entries()) {
    await page.evaluate(
      (fault) => {
        Object.assign(navigator.mediaDevices, {
          getUserMedia: () => Promise.reject(new DOMException(fault.message, fault.name)),
        });
      },
      { name, message },
    );
    await (index === 0
      ? page.click('switch', camera)
      : page.click('button', say('lobby.tryAgain')));
    const key = title === 'notFound' ? 'problem.notFound.title.camera' : `problem.${title}.title`;
    const shown = say(key).split('{devices}');
    await expectText(page, new RegExp(shown.map((part) => exactly(part).source).join('.+'), 'u'));
    await visit(`camera ${state}`, page);
  }
  await page.evaluate(() => {
    Object.assign(navigator.mediaDevices, { getUserMedia: Reflect.get(window, 'openDevices') });
  }, undefined);
  await page.click('button', say('lobby.tryAgain'));
  await expectElement(page, 'main video');
}

async function walkThroughPanels({ visit }: TourOptions, page: TestPage, say: Say): Promise<void> {
  await page.click('button', say('call.chat'));
  await expectElement(page, 'aside textarea');
  await page.fill(say('chat.field'), 'https://example.org/plan');
  await page.press('Enter');
  await expectElement(page, 'aside ol a');
  await visit('chat', page);
  // On a phone a panel takes all the room: the bar is behind it.
  await page.click('button', say('call.close'));
  for (const panel of ['details', 'settings']) {
    await page.click('button', say('call.more'));
    await page.click('button', say(`call.${panel}`));
    await expectElement(page, 'aside h3');
    await visit(panel, page);
    await page.click('button', say('call.close'));
  }
  await page.click('button', say('call.more'));
  await visit('more', page);
  await page.press('Escape');
  await page.click('button', say('call.react'));
  await visit('reactions', page);
  await page.press('Escape');
  await page.click('button', say('call.people.open'));
  await expectElement(page, 'dialog[open] h2');
  await visit('people', page);
  await page.press('Escape');
}

/** Where there is a switch for it: phones share none. */
async function shareScreen({ visit }: TourOptions, page: TestPage, say: Say): Promise<void> {
  const name = say('call.share');
  const canShare = await page.evaluate(
    (label) =>
      [...document.querySelectorAll('[role="switch"]')].some(
        (one) => one.ariaLabel === label && one.checkVisibility(),
      ),
    name,
  );
  if (!canShare) return;
  await page.click('switch', name);
  await expectText(page, exactly(say('call.share.active')));
  await visit('my screen', page);
  await page.click('switch', name);
}

/** These words as they are. */
function exactly(words: string): RegExp {
  return new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`), 'u');
}
