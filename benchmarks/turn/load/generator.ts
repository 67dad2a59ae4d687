/**
 * The generator process: reads a scenario from its command line, makes the load, prints the result.
 * @module
 */
import { argv } from 'node:process';
import { loadLibc } from '../../../packages/turn/src/transport/batch/libc.ts';
import type { Libc } from '../../../packages/turn/src/transport/batch/libc.ts';
import { Sinks } from './sinks.ts';
import { BINDING_WINDOW, bindingLoad } from './binding-load.ts';
import { callLoad, directCalls, hairpinCalls, openCalls } from './calls.ts';
import { flood } from './flood.ts';
import { makeIdle } from './idle.ts';
import { pace } from './pace.ts';
import { REFRESH_CLIENTS, refreshLoad } from './refresh-load.ts';
import type { Scenario } from './scenario.ts';
import { streamLoad } from './stream-load.ts';

/** Calls at once, each with two flows. */
const CALLS = 16;
/** Calls when arrivals must be noticed at once: every socket looked at takes its time. */
const PACED_CALLS = 4;
/** Packets under way: keeps a server busy without filling anybody's buffers. */
const RELAY_WINDOW = 512;

function play(scenario: Scenario, libc: Libc): unknown {
  switch (scenario.kind) {
    case 'binding': {
      const { target, seconds } = scenario;
      const load = bindingLoad(libc, target.port, Number(process.env.CLIENTS ?? 256));
      return flood({
        ...load,
        sinks: new Sinks(libc, load.sinks),
        window: BINDING_WINDOW,
        seconds,
        serverPid: target.pid,
      });
    }
    case 'refresh': {
      const { target, seconds } = scenario;
      const load = refreshLoad(libc, target);
      return flood({
        ...load,
        sinks: new Sinks(libc, load.sinks),
        window: REFRESH_CLIENTS,
        seconds,
        serverPid: target.pid,
      });
    }
    case 'open':
    case 'hairpin': {
      const { kind, target, seconds } = scenario;
      const makeCalls = kind === 'open' ? openCalls : hairpinCalls;
      const load = callLoad(makeCalls(libc, target, CALLS), scenario);
      return flood({
        ...load,
        sinks: new Sinks(libc, load.sinks),
        window: RELAY_WINDOW,
        seconds,
        serverPid: target.pid,
      });
    }
    case 'pace': {
      const { target } = scenario;
      const flows =
        target === undefined
          ? directCalls(libc, PACED_CALLS)
          : openCalls(libc, target, PACED_CALLS);
      return pace({ ...scenario, flows });
    }
    case 'stream':
      return streamLoad(scenario);
    case 'idle':
      return makeIdle(libc, scenario);
  }
}

const libc = await loadLibc();
if (libc === undefined) throw new Error('the generator needs 64-bit Linux and koffi');
const scenario: Scenario = JSON.parse(argv[2] ?? '');
console.log(JSON.stringify(await play(scenario, libc)));
