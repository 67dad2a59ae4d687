import { expect, it } from 'vitest';
import { MembershipRecord } from './membership-record.ts';

function everythingIn(record: MembershipRecord): string[] {
  return record.all().map(({ type, room, peer }) => `${type} ${room} ${peer}`);
}

it('tells the latest about each peer of each room', () => {
  const record = new MembershipRecord();
  record.admit('a', 'ada');
  record.admit('b', 'ada');
  record.admit('a', 'bob');
  record.revoke('a', 'ada');
  record.revoke('a', 'cyd');
  record.admit('a', 'cyd');
  expect(everythingIn(record)).toEqual([
    'admit b ada',
    'admit a bob',
    'admit a cyd',
    'revoke a ada',
  ]);
});

it('says whether somebody who is let in had been thrown out', () => {
  const record = new MembershipRecord();
  expect(record.admit('a', 'ada')).toBe(false);
  record.revoke('a', 'ada');
  expect(record.admit('a', 'ada')).toBe(true);
});

it('forgets the oldest removals when there are very many', () => {
  const record = new MembershipRecord();
  for (let index = 0; index < 10_001; index += 1) record.revoke('a', `${index}`);
  const told = everythingIn(record);
  expect(told).toHaveLength(10_000);
  expect(told[0]).toBe('revoke a 1');
});
