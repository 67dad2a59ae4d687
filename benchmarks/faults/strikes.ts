/**
 * What can happen to a call in the laboratory.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { block, isPictureBack, move, startMediaClock, unblock } from '@parley/testkit';
import type { TestPage } from '@parley/testkit';
import type { FirstFrameLab } from '../first-frame/lab.ts';

/** A picture that is not back by then is called lost. */
export const TIMEOUT_MS = 45_000;
/** The shortest that the server allows. */
const CREDENTIAL_SECONDS = 5;

/** A call, and where it takes place. */
export interface Scene {
  readonly lab: FirstFrameLab;
  readonly pages: readonly [TestPage, TestPage];
  /** How long whatever goes away is away. */
  readonly awayMs: number;
}

/** One thing that happens. */
export interface Fault {
  readonly title: string;
  /** No relay can take the place of the path. @default false */
  readonly isWithoutRelay?: boolean;
  /** The servers are others afterwards: can somebody new come in? @default false */
  readonly wantsNewcomer?: boolean;
  /** How the laboratory is before the two meet. @default as it was built */
  readonly prepare?: (scene: Pick<Scene, 'lab'>) => Promise<void>;
  /** Resolves when whatever is to come back has come back. */
  readonly strike: (scene: Scene) => Promise<void>;
  /** Puts the laboratory in order again. */
  readonly mend?: (scene: Pick<Scene, 'lab'>) => Promise<void>;
  /** How long the picture may take, when all has come back. @default TIMEOUT_MS */
  readonly patienceMs?: number;
}

/** `seconds`: how long what goes away is away. */
export function faultsOf(seconds: string): { readonly [name: string]: Fault } {
  return {
    blocked: { title: 'path between the two blocked', strike: cut, mend: mendCut },
    apart: {
      title: `nothing connects the two for ${seconds} s, not even a relay`,
      isWithoutRelay: true,
      async strike(scene) {
        await cut(scene);
        await pause(scene.awayMs);
        await mendCut(scene);
      },
      // A lost link is tried again once a minute.
      patienceMs: 2 * TIMEOUT_MS,
    },
    moved: {
      title: 'one of the two gets another address',
      strike: ({ lab }) => move(lab.people[0], { address: '10.97.0.12/24' }),
      mend: ({ lab }) => move(lab.people[0], { address: `${lab.addresses.people[0]}/24` }),
    },
    signaling: {
      title: `signaling servers killed, back after ${seconds} s`,
      wantsNewcomer: true,
      strike: restart,
    },
    both: {
      title: `path blocked and signaling killed in one moment, back after ${seconds} s`,
      async strike(scene) {
        await Promise.all([cut(scene), restart(scene)]);
      },
      mend: mendCut,
    },
    relayed: {
      title: `path blocked, then the relay and signaling killed, back after ${seconds} s`,
      async strike(scene) {
        await cut(scene);
        await Promise.all(scene.pages.map((page) => isPictureBack(page, TIMEOUT_MS)));
        await Promise.all(scene.pages.map(startClock));
        await restart(scene);
      },
      mend: mendCut,
    },
    relay: {
      title: 'relay killed under a call that goes over it',
      prepare: cut,
      strike: ({ lab }) => Promise.resolve(lab.killRelay()),
      mend: mendCut,
    },
    expired: {
      title: `credentials of ${CREDENTIAL_SECONDS} s end under a call over the relay, ${seconds} s go by`,
      async prepare(scene) {
        await scene.lab.killServers();
        await scene.lab.startServers('--credential-ttl', String(CREDENTIAL_SECONDS));
        await cut(scene);
      },
      strike: ({ awayMs }) => pause(CREDENTIAL_SECONDS * 1_000 + awayMs),
      async mend(scene) {
        await mendCut(scene);
        await scene.lab.killServers();
        await scene.lab.startServers();
      },
    },
    frozen: {
      title: `one page frozen for ${seconds} s`,
      strike: ({ pages, awayMs }) => pages[0].freeze(awayMs),
    },
  };
}

/** Measures from now on how long the picture stands still. */
export async function startClock(page: TestPage): Promise<void> {
  await startMediaClock(page, '#remote');
}

async function cut({ lab }: Pick<Scene, 'lab'>): Promise<void> {
  await block(lab.people[0], [lab.addresses.people[1]]);
}

async function mendCut({ lab }: Pick<Scene, 'lab'>): Promise<void> {
  await unblock(lab.people[0]);
}

async function restart({ lab, awayMs }: Scene): Promise<void> {
  await lab.killServers();
  await pause(awayMs);
  await lab.startServers();
}
