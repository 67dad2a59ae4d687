import { describe, expect, it } from 'vitest';
import { takeInvitation } from './invitation.ts';

function setUp(hash: string, stored = new Map<string, string>()) {
  const shown: string[] = [];
  const tab = {
    read: (room: string) => stored.get(room),
    write: (room: string, value: string | undefined) => void stored.set(room, value ?? ''),
  };
  const token = takeInvitation('daily', { hash, replaceHash: (next) => shown.push(next), tab });
  return { token, shown, stored };
}

describe('takeInvitation', () => {
  it('takes the token out of the link, and leaves the key in it', () => {
    expect(setUp('#k=abc&t=ey.x.y')).toMatchObject({ token: 'ey.x.y', shown: ['#k=abc'] });
    expect(setUp('#t=ey.x.y')).toMatchObject({ token: 'ey.x.y', shown: [''] });
  });

  it('remembers it over a reload, for this room', () => {
    const { stored } = setUp('#t=ey.x.y');
    expect(setUp('', stored)).toMatchObject({ token: 'ey.x.y', shown: [] });
  });

  it('is none without one', () => {
    expect(setUp('#k=abc')).toMatchObject({ token: undefined, shown: [] });
  });
});
