import { createTestServer } from '@parley/client/testing';
import { expect, it } from 'vitest';
import { followGuests } from './guest-list.ts';

it('shows who is there, whom we can hear, and whose network is bad', async () => {
  const server = createTestServer();
  const me = server.createClient(); // a Client like any other: give it to your code
  const ada = server.createClient();
  let shown: readonly string[] = [];
  await followGuests(me, 'daily', (guests) => (shown = guests));

  await ada.join('daily', { name: 'Ada' });
  await server.settle(); // messages arrive, connections are made
  expect(shown).toEqual(['Ada (muted)']);

  await ada.media.microphone.on();
  await server.advance(3_000); // time passes only here
  expect(shown).toEqual(['Ada']);

  me.cutLink(ada);
  await server.advance(5_000);
  expect(shown).toEqual(['Ada (bad network)']);

  me.mendLink(ada);
  await server.advance(2_000);
  expect(shown).toEqual(['Ada']);

  ada.vanish(); // as when a battery is empty
  await server.advance(90_000);
  expect(shown).toEqual([]);

  server.refuseNext('ERR_ROOM_FULL');
  const late = followGuests(server.createClient(), 'daily', () => {});
  await expect(late).rejects.toMatchObject({ code: 'ERR_ROOM_FULL' });
  await server.close();
});
