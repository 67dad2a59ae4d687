import { expect, it } from 'vitest';
import { pageIcon, pageTitle } from './page-title.ts';

const t = (key: string, parameters?: Readonly<Record<string, string | number>>): string =>
  parameters === undefined ? key : `${key}[${Object.values(parameters).join()}]`;

const CALL = { stage: 'call', room: 'daily', muted: false, reconnecting: false } as const;

it('pageTitle names the room', () => {
  expect(pageTitle(t, { ...CALL, stage: 'lobby' })).toBe('daily - app.name');
  expect(pageTitle(t, CALL)).toBe('daily - app.name');
  expect(pageTitle(t, { ...CALL, stage: 'left' })).toBe('title.left[daily] - app.name');
});

it('pageTitle says in the call that nobody hears me, or that the server is lost', () => {
  expect(pageTitle(t, { ...CALL, muted: true })).toBe('title.muted[daily - app.name]');
  expect(pageTitle(t, { ...CALL, muted: true, reconnecting: true })).toBe(
    'title.reconnecting daily - app.name',
  );
});

it('pageTitle keeps the muted mark out of the lobby, where nobody listens', () => {
  expect(pageTitle(t, { ...CALL, stage: 'lobby', muted: true })).toBe('daily - app.name');
});

it('pageIcon marks a call, and one in which nobody hears me, and needs no server for it', () => {
  const icons = [CALL, { ...CALL, muted: true }, { ...CALL, stage: 'left' } as const].map(pageIcon);
  const pictures = icons.map((icon) => decodeURIComponent(icon));
  expect(pictures.map((picture) => picture.split('<').length)).toEqual([6, 7, 5]);
  for (const picture of pictures) {
    expect(picture).toMatch(
      /^data:image\/svg\+xml,<svg xmlns="[^"]+" viewBox="0 0 32 32"><path d=/u,
    );
  }
});
