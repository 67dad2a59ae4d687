/**
 * The small internet of a test file: built before its tests, taken down after them.
 * @module
 */
import { buildInternet, openNetworkLab } from '@parley/testkit';
import type { Internet, NetworkLab, PublicServer } from '@parley/testkit';
import { afterAll, beforeAll } from 'vitest';

/** What the tests of a file stand on. */
export interface Ground {
  readonly internet: Internet;
  /** One server with public addresses. */
  readonly server: PublicServer;
}

/** Registers the hooks of a test file. What is started in `build` has to be ended by `close`. */
export function useInternet<Built>(
  build: (ground: Ground) => Promise<Built>,
  close: (built: Built) => Promise<void>,
): () => Built {
  let lab: NetworkLab | undefined;
  let built: Built | undefined;

  beforeAll(async () => {
    lab = await openNetworkLab();
    const internet = await buildInternet(lab);
    built = await build({ internet, server: await internet.addServer('server') });
  });

  afterAll(async () => {
    try {
      if (built !== undefined) await close(built);
    } finally {
      await lab?.close();
    }
  });

  return () => {
    if (built === undefined) throw new Error('The laboratory is open only during tests.');
    return built;
  };
}
