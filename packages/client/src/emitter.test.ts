import { describe, expect, it, vi } from 'vitest';
import { Emitter, callSafely } from './emitter.ts';

interface Events {
  joined: string;
  left: { readonly reason: string };
}

describe('Emitter', () => {
  it('tells every listener of the event and nobody else', () => {
    const emitter = new Emitter<Events>();
    const joined = vi.fn<(name: string) => void>();
    const left = vi.fn<(left: Events['left']) => void>();
    emitter.on('joined', joined);
    emitter.on('left', left);
    emitter.emit('joined', 'ada');
    expect(joined.mock.calls).toEqual([['ada']]);
    expect(left).not.toHaveBeenCalled();
  });

  it('on() returns its own undo, also when the same function was added twice', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<(name: string) => void>();
    const undo = emitter.on('joined', listener);
    emitter.on('joined', listener);
    undo();
    undo();
    emitter.emit('joined', 'ada');
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('replays to a new listener, and does not tell it twice', () => {
    const here = ['ada'];
    const emitter = new Emitter<Events>({ joined: () => here });
    const inner = vi.fn<(name: string) => void>();
    emitter.on('joined', (name) => {
      if (name === 'bob') emitter.on('joined', inner);
    });
    here.push('bob');
    emitter.emit('joined', 'bob');
    expect(inner.mock.calls).toEqual([['ada'], ['bob']]);
  });

  it('does not call a listener that another one has just removed', () => {
    const emitter = new Emitter<Events>();
    const second = vi.fn<(name: string) => void>();
    emitter.on('joined', () => undo());
    const undo = emitter.on('joined', second);
    emitter.emit('joined', 'ada');
    expect(second).not.toHaveBeenCalled();
  });

  it('clear() forgets everybody', () => {
    const emitter = new Emitter<Events>();
    const listener = vi.fn<(name: string) => void>();
    emitter.on('joined', listener);
    emitter.clear();
    emitter.emit('joined', 'ada');
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('callSafely', () => {
  it('reports what a listener throws and goes on', () => {
    const queued = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {});
    expect(() =>
      callSafely(() => {
        throw new Error('of the app');
      }),
    ).not.toThrow();
    const report = queued.mock.calls[0]?.[0];
    expect(report).toThrow('of the app');
    queued.mockRestore();
  });
});
