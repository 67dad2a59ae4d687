import { getEventListeners } from 'node:events';
import { ParleyError } from '@parley/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakePlatform } from '../../test/fakes/fake-platform.ts';
import { Line, people, workUntil } from '../../test/fakes/people.ts';
import type { Person } from '../../test/fakes/people.ts';
import { settle } from '../testing/settle.ts';
import { SILENT_LOGGER } from '../logger.ts';
import { encodeRequestFrame } from './request-frame.ts';
import { RoomRequests } from './room-requests.ts';
import type {
  RequestContext,
  RequestHandler,
  RequestOptions,
  RoomRequestsOptions,
} from './room-requests.ts';

/** One side, with its handlers. */
class Requests extends RoomRequests {
  readonly #handlers: Map<string, RequestHandler>;

  constructor(options: Omit<RoomRequestsOptions, 'handlers'>) {
    const handlers = new Map<string, RequestHandler>();
    super({ ...options, handlers });
    this.#handlers = handlers;
  }

  handle(name: string, handler: RequestHandler): () => void {
    this.#handlers.set(name, handler);
    return () => this.#handlers.delete(name);
  }
}

/** Two people who are connected and may ask each other. */
class Scene {
  readonly ada: Person;
  readonly bob: Person;
  readonly line: Line;
  readonly platform = new FakePlatform();
  readonly asker: Requests;
  readonly answerer: Requests;
  readonly logged: unknown[] = [];

  constructor() {
    [this.ada, this.bob] = people();
    this.line = new Line(this.ada, this.bob);
    this.line.connect();
    this.asker = this.open(this.ada);
    this.answerer = this.open(this.bob);
  }

  open({ channels }: Person): Requests {
    const logger = { ...SILENT_LOGGER, error: (message: string) => void this.logged.push(message) };
    return new Requests({ channels, setTimer: this.platform.setTimer, logger });
  }

  ask(name: string, value?: unknown, options: Omit<RequestOptions, 'to'> = {}): Promise<unknown> {
    const asking = this.asker.request(name, value, { to: this.bob.id, ...options });
    asking.catch(() => {});
    return asking;
  }

  work<Value>(promise: Promise<Value>): Promise<Value> {
    return workUntil(this.line, promise);
  }

  /** Answers nothing, and says who has asked. */
  keepWaiting(name: string): RequestContext[] {
    const contexts: RequestContext[] = [];
    this.answerer.handle(name, (_value, context) => {
      contexts.push(context);
      return new Promise(() => {});
    });
    return contexts;
  }

  /** Waits until so many have asked. */
  async arrival(contexts: readonly RequestContext[], count = 1): Promise<void> {
    while (contexts.length < count) await this.work(settle());
  }
}

function coded(code: string): unknown {
  return expect.objectContaining({ name: 'ParleyError', code });
}

describe('a request', () => {
  it.each([
    ['an object', { a: [1, 'two', null] }],
    ['bytes', Uint8Array.of(1, 2, 3)],
    ['nothing', undefined],
    ['false', false],
  ])('carries %s there and back', async (_, value) => {
    const scene = new Scene();
    const contexts: unknown[] = [];
    scene.answerer.handle('echo', (asked, { from }) => {
      contexts.push(from);
      return asked;
    });
    expect(await scene.work(scene.ask('echo', value))).toEqual(value);
    expect(contexts).toEqual([scene.ada.id]);
  });

  it('gets its own answer, whichever comes first', async () => {
    const scene = new Scene();
    const open: (() => void)[] = [];
    scene.answerer.handle('square', async (value) => {
      await new Promise<void>((resolve) => {
        open.unshift(resolve);
      });
      return Number(value) ** 2;
    });
    const asking = Promise.all([1, 2, 3].map((value) => scene.ask('square', value)));
    while (open.length < 3) await scene.work(settle());
    for (const resolve of open) resolve();
    expect(await scene.work(asking)).toEqual([1, 4, 9]);
  });

  it('is answered once over connections that are replaced again and again', async () => {
    const scene = new Scene();
    let calls = 0;
    scene.answerer.handle('count', () => (calls += 1));
    const asking = Promise.all(Array.from({ length: 50 }, () => scene.ask('count')));
    const answers = await workUntil(scene.line, asking, () => scene.line.connect());
    expect(answers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('goes in both directions', async () => {
    const scene = new Scene();
    scene.asker.handle('name', () => 'Ada');
    scene.answerer.handle('name', () => 'Bob');
    const back = scene.answerer.request('name', undefined, { to: scene.ada.id });
    expect(await scene.work(Promise.all([scene.ask('name'), back]))).toEqual(['Bob', 'Ada']);
  });
});

describe('a request fails', () => {
  it('with the code that the handler threw, and tells no more', async () => {
    const scene = new Scene();
    scene.answerer.handle('door', () => {
      throw new ParleyError('ERR_DOOR_LOCKED', 'the key is under the mat');
    });
    const error: unknown = await scene.work(scene.ask('door').catch((reason: unknown) => reason));
    expect(error).toEqual(coded('ERR_DOOR_LOCKED'));
    expect(String(error)).not.toContain('mat');
    expect(scene.logged).toEqual([]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('oops'))],
    ['has no answer that can be sent', () => () => {}],
    [
      'throws what is no code',
      () => {
        throw new ParleyError('secret text', '');
      },
    ],
  ])('when the handler %s, which is written into its log', async (_, handler) => {
    const scene = new Scene();
    scene.answerer.handle('door', handler);
    await expect(scene.work(scene.ask('door'))).rejects.toEqual(coded('ERR_REQUEST_FAILED'));
    expect(scene.logged).toEqual(['a request handler failed']);
  });

  it('when nobody handles it', async () => {
    const scene = new Scene();
    const unhandled = coded('ERR_REQUEST_UNHANDLED');
    await expect(scene.work(scene.ask('toString'))).rejects.toEqual(unhandled);
    const end = scene.answerer.handle('door', () => 'open');
    expect(await scene.work(scene.ask('door'))).toBe('open');
    end();
    await expect(scene.work(scene.ask('door'))).rejects.toEqual(unhandled);
  });

  it('when the page of the other side answers no requests at all', async () => {
    const [ada, bob] = people();
    const line = new Line(ada, bob);
    line.connect();
    const { setTimer } = new FakePlatform();
    const requests = new Requests({ channels: ada.channels, setTimer, logger: SILENT_LOGGER });
    const asking = requests.request('door', undefined, { to: bob.id });
    await expect(workUntil(line, asking)).rejects.toEqual(coded('ERR_REQUEST_UNHANDLED'));
  });

  it('when its time is up; the handler is told', async () => {
    const scene = new Scene();
    const contexts = scene.keepWaiting('door');
    const [patient, hasty] = [scene.ask('door'), scene.ask('door', 1, { timeoutMs: 1_000 })];
    await scene.arrival(contexts, 2);
    scene.platform.clock.advance(1_000);
    await expect(hasty).rejects.toEqual(coded('ERR_REQUEST_TIMEOUT'));
    await scene.work(settle());
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    scene.platform.clock.advance(29_000);
    await expect(patient).rejects.toEqual(coded('ERR_REQUEST_TIMEOUT'));
  });

  it('when its signal is aborted; the handler is told', async () => {
    const scene = new Scene();
    const contexts = scene.keepWaiting('door');
    const controller = new AbortController();
    const { signal } = controller;
    const asking = scene.ask('door', 1, { signal });
    await scene.arrival(contexts);
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await scene.work(settle());
    expect(contexts[0]?.signal.reason).toEqual(coded('ERR_REQUEST_CANCELLED'));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect(scene.ask('door', 1, { signal })).rejects.toBe(reason);
  });

  it('when the peer has left, or leaves; the handler is told', async () => {
    const scene = new Scene();
    const contexts = scene.keepWaiting('door');
    const asking = scene.ask('door');
    await scene.arrival(contexts);
    scene.ada.part(scene.bob);
    await expect(asking).rejects.toEqual(coded('ERR_PEER_LEFT'));
    await expect(scene.ask('door')).rejects.toEqual(coded('ERR_PEER_UNKNOWN'));
    scene.bob.part(scene.ada);
    expect(contexts[0]?.signal.reason).toEqual(coded('ERR_PEER_LEFT'));
  });

  it('when the room is left', async () => {
    const scene = new Scene();
    const contexts = scene.keepWaiting('door');
    const asking = scene.ask('door');
    await scene.arrival(contexts);
    scene.ada.leave();
    await expect(asking).rejects.toEqual(coded('ERR_CHANNEL_CLOSED'));
    await expect(scene.ask('door')).rejects.toEqual(coded('ERR_CHANNEL_CLOSED'));
  });

  it('when too many of one peer wait', async () => {
    const scene = new Scene();
    const contexts = scene.keepWaiting('door');
    const asking = Array.from({ length: 257 }, () => scene.ask('door'));
    await expect(scene.work(Promise.race(asking))).rejects.toEqual(coded('ERR_REQUEST_BACKLOG'));
    expect(contexts).toHaveLength(256);
  });
});

it('requests survive a peer that sends anything', async () => {
  const frame = fc.record({
    kind: fc.constantFrom(
      'request' as const,
      'answer' as const,
      'failure' as const,
      'cancel' as const,
    ),
    id: fc.nat(3),
    text: fc.constantFrom('door', 'ERR_X', 'toString', ''),
    value: fc.oneof(fc.constant(undefined), fc.nat(), fc.uint8Array({ maxLength: 5 })),
  });
  const hostile = fc.oneof(
    frame.map(encodeRequestFrame),
    fc.uint8Array({ maxLength: 20 }),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { maxLength: 40, size: 'max' }), async (messages) => {
      const scene = new Scene();
      scene.answerer.handle('door', (value) => value);
      const channel = scene.ada.channels.open('parley:requests');
      for (const message of messages) void channel.send(message);
      await scene.work(settle());
      // Numbers 0 to 3 may have been used up; a later one is answered.
      for (let count = 0; count < 3; count += 1) scene.ask('door').catch(() => {});
      expect(await scene.work(scene.ask('door', 'knock'))).toBe('knock');
    }),
    { numRuns: 30 },
  );
});
