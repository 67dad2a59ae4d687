import { expect, it } from 'vitest';
import { CallView } from './call-view.ts';

function remembering(): { stored: Map<string, string>; view: CallView } {
  const stored = new Map([['layout', 'speaker']]);
  const read = (key: string): string | undefined => stored.get(key);
  const write = (key: string, value: string): void => {
    stored.set(key, value);
  };
  return { stored, view: new CallView({ read, write }) };
}

it('remembers the layout and whether the own picture is hidden, once one of them is chosen', () => {
  const { stored, view } = remembering();
  expect(view.mode.value).toBe('speaker');
  expect(view.selfHidden.value).toBe(false);
  expect([...stored.keys()]).toEqual(['layout']);
  view.selfHidden.value = true;
  view.mode.value = 'grid';
  expect(Object.fromEntries(stored)).toEqual({ layout: 'grid', selfHidden: 'true' });
});

it('pins one person at a time, and opens one panel at a time', () => {
  const { view } = remembering();
  view.togglePin('ada');
  view.togglePin('bob');
  expect(view.pinned.value).toBe('bob');
  view.togglePin('bob');
  expect(view.pinned.value).toBeUndefined();
  view.togglePanel('chat');
  view.togglePanel('details');
  expect(view.panel.value).toBe('details');
  view.togglePanel('details');
  expect(view.panel.value).toBeUndefined();
});
