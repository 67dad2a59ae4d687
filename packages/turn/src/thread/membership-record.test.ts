import { expect, it } from 'vitest';
import { MembershipRecord } from './membership-record.ts';

function replayed(record: MembershipRecord): string[] {
  const told: string[] = [];
  record.replay((type, room, peer) => told.push(`${type} ${room} ${peer}`));
  return told;
}

it('tells the latest about each peer of each room', () => {
  const record = new MembershipRecord();
  record.admit('a', 'ada');
  record.admit('b', 'ada');
  record.admit('a', 'bob');
  record.revoke('a', 'ada');
  record.revoke('a', 'cyd');
  record.admit('a', 'cyd');
  expect(replayed(record)).toEqual(['admit b ada', 'admit a bob', 'admit a cyd', 'revoke a ada']);
});

it('forgets the oldest removals when there are very many', () => {
  const record = new MembershipRecord();
  for (let index = 0; index < 10_001; index += 1) record.revoke('a', `${index}`);
  const told = replayed(record);
  expect(told).toHaveLength(10_000);
  expect(told[0]).toBe('revoke a 1');
});
