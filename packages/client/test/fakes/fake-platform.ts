/**
 * A browser made of fakes, with a clock that moves when the test says so.
 * @module
 */
import { FakeClock } from '@parley/testkit';
import { TestPlatform } from '../../src/testing/test-platform.ts';

/** See the module comment. */
export class FakePlatform extends TestPlatform {
  readonly clock: FakeClock = new FakeClock();

  readonly setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const timer = this.clock.setTimeout(callback, delayMs);
    return () => this.clock.clearTimeout(timer);
  };

  now(): number {
    return this.clock.now();
  }
}
