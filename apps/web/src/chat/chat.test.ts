import { describe, expect, it } from 'vitest';
import { FakeToolRoom, gather } from '../room/fake-tool-room.ts';
import { Chat } from './chat.ts';

function chatOf(room: FakeToolRoom, at = 0): Chat {
  let count = 0;
  const createId = (): string => `${room.id}-${(count += 1)}`;
  return new Chat(room, { now: () => at, createId });
}

const textsOf = (chat: Chat): readonly string[] => chat.messages.value.map(({ text }) => text);
/** Answers are promises. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Chat', () => {
  it('what one says, all have, with the name of who said it', () => {
    const [ada, bob] = gather('Ada', 'Bob').map((room) => chatOf(room));
    ada?.say('  hello  ');
    ada?.say('   ');
    expect(bob?.messages.value).toEqual([{ id: 'ada-1', at: 0, name: 'Ada', text: 'hello' }]);
    const [message] = ada?.messages.value ?? [];
    expect(message && [ada?.isMine(message), bob?.isMine(message)]).toEqual([true, false]);
  });

  it('counts what comes while it is closed', () => {
    const [ada, bob] = gather('Ada', 'Bob').map((room) => chatOf(room));
    ada?.say('one');
    expect(bob?.unread.value).toBe(1);
    bob?.setOpen(true);
    ada?.say('two');
    expect(bob?.unread.value).toBe(0);
    bob?.setOpen(false);
    ada?.say('three');
    expect(bob?.unread.value).toBe(1);
  });

  it('who comes late gets what was said, from the first one who can tell, and counts none of it', async () => {
    const [ada, bob] = gather('Ada', 'Bob');
    const late = new FakeToolRoom('Eve');
    if (ada === undefined || bob === undefined) throw new Error('nobody there');
    const [first] = [chatOf(ada, 1), chatOf(bob, 2)];
    first.say('before');
    const eve = chatOf(late, 3);
    late.meet(new FakeToolRoom('Plain'));
    late.meet(ada);
    late.meet(bob);
    await settle();
    expect(textsOf(eve)).toEqual(['before']);
    expect(eve.unread.value).toBe(0);
  });

  it('drops what is no message, and the same message twice', () => {
    const [ada] = gather('Ada', 'Bob');
    if (ada === undefined) throw new Error('nobody there');
    const chat = chatOf(ada);
    const message = { id: 'x', at: 1, name: 'Bob', text: 'hi' };
    for (const data of [message, message, 'hi', null]) ada.deliver('chat', ada.id, data);
    expect(textsOf(chat)).toEqual(['hi']);
    expect(chat.unread.value).toBe(1);
  });
});
