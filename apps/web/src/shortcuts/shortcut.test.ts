import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SHORTCUTS,
  actionOf,
  formatShortcuts,
  parseShortcuts,
  rebind,
} from './shortcut.ts';

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

describe('shortcuts', () => {
  it('single keys work on the page, whatever the case', () => {
    expect(actionOf(press('m'), 'page', DEFAULT_SHORTCUTS)).toBe('microphone');
    expect(actionOf(press('V'), 'page', DEFAULT_SHORTCUTS)).toBe('camera');
    expect(actionOf(press(' '), 'page', DEFAULT_SHORTCUTS)).toBe('talk');
    expect(actionOf(press('x'), 'page', DEFAULT_SHORTCUTS)).toBeUndefined();
  });

  it('nothing but Ctrl and Cmd works while somebody types', () => {
    expect(actionOf(press('m'), 'text', DEFAULT_SHORTCUTS)).toBeUndefined();
    expect(actionOf(press('d', { ctrlKey: true }), 'text', DEFAULT_SHORTCUTS)).toBe('microphone');
    expect(actionOf(press('e', { metaKey: true }), 'text', DEFAULT_SHORTCUTS)).toBe('camera');
    expect(actionOf(press('c', { ctrlKey: true }), 'page', DEFAULT_SHORTCUTS)).toBeUndefined();
    expect(actionOf(press('d', { ctrlKey: true, altKey: true }), 'page', DEFAULT_SHORTCUTS)).toBe(
      undefined,
    );
  });

  it('Space on a button presses the button', () => {
    expect(actionOf(press(' '), 'control', DEFAULT_SHORTCUTS)).toBeUndefined();
    expect(actionOf(press('m'), 'control', DEFAULT_SHORTCUTS)).toBe('microphone');
  });

  it('single keys can be turned off', () => {
    const off = { ...DEFAULT_SHORTCUTS, singleKeys: false };
    expect(actionOf(press('m'), 'page', off)).toBeUndefined();
    expect(actionOf(press('d', { ctrlKey: true }), 'page', off)).toBe('microphone');
  });

  it('another key takes its place, and two actions never share one', () => {
    const bindings = rebind(DEFAULT_SHORTCUTS.bindings, 'microphone', 'v');
    expect(bindings).toMatchObject({ microphone: 'V', camera: 'M' });
    expect(rebind(bindings, 'chat', 'Tab')).toBe(bindings);
  });

  it('a choice comes back as it was stored; a broken one is the default', () => {
    const chosen = {
      bindings: rebind(DEFAULT_SHORTCUTS.bindings, 'talk', 'F9'),
      singleKeys: false,
    };
    expect(parseShortcuts(formatShortcuts(chosen))).toEqual(chosen);
    expect(parseShortcuts(undefined)).toEqual(DEFAULT_SHORTCUTS);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (stored) => {
        const { bindings } = parseShortcuts(stored);
        expect(new Set(Object.values(bindings)).size).toBe(Object.keys(bindings).length);
      }),
    );
  });
});
