import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJoin, decodePrepare, decodeRelay } from './messages.ts';
import { isPeerId } from './peer-id.ts';

const PEER = 'kJ3nX_9-aQzL0pWv';

const refusedWith = (code: string) => ({ ok: false, error: { code, message: expect.any(String) } });

describe('decodeJoin', () => {
  it('SIG-10 takes a room name, or an object', () => {
    expect(decodeJoin('daily')).toMatchObject({ ok: true, room: 'daily', name: '', offer: null });
    expect(decodeJoin({ room: 'daily' })).toMatchObject({ ok: true, room: 'daily', name: '' });
    expect(decodeJoin({ room: 'daily', name: ' Ada ' })).toMatchObject({
      ok: true,
      room: 'daily',
      name: 'Ada',
    });
  });

  it.each([undefined, null, 7, true, [], {}, [['daily']], { name: 'Ada' }])(
    'SIG-10 refuses %j',
    (value) => {
      expect(decodeJoin(value)).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
    },
  );

  it.each([7, null, ['Ada'], { toString: 'Ada' }])('SIG-10 refuses the name %j', (name) => {
    expect(decodeJoin({ room: 'daily', name })).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
  });

  it('SIG-74 knows features, and ignores those it does not know', () => {
    const join = { room: 'daily', features: ['fly', 7, 'offer'] };
    expect(decodeJoin(join)).toMatchObject({ features: new Set(['offer']) });
    expect(decodeJoin('daily')).toMatchObject({ features: new Set() });
    for (const features of ['offer', null, { offer: true }, 7]) {
      expect(decodeJoin({ room: 'daily', features })).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
    }
  });

  it('SIG-77 takes an offer like any other payload, with its size', () => {
    const offer = { type: 'offer', sdp: 'v=0' };
    expect(decodeJoin({ room: 'daily', offer })).toMatchObject({ ok: true, offer });
    expect(decodeJoin({ room: 'daily', offer: 'v=0' })).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
    expect(decodeJoin({ room: 'daily', offer: { sdp: 'x'.repeat(70_000) } })).toEqual(
      refusedWith('ERR_MESSAGE_SIZE'),
    );
  });

  it.each(['', '\u0000', { room: '' }, { room: 7 }, { room: { room: 'daily' } }])(
    'SIG-12 refuses the room in %j',
    (value) => {
      expect(decodeJoin(value)).toEqual(refusedWith('ERR_ROOM_NAME'));
    },
  );

  it('SIG-5 has an answer to anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof decodeJoin(value).ok).toBe('boolean');
      }),
    );
  });
});

describe('decodePrepare', () => {
  it('SIG-70 takes a room, or none', () => {
    for (const value of [' daily ', { room: 'daily' }]) {
      expect(decodePrepare(value)).toMatchObject({ ok: true, room: 'daily', look: false });
    }
    for (const value of [undefined, null, {}, { room: null }]) {
      expect(decodePrepare(value)).toMatchObject({ ok: true, room: undefined });
    }
  });

  it('SIG-85 takes a wish to look, and nothing else for one', () => {
    expect(decodePrepare({ room: 'daily', look: true })).toMatchObject({ look: true });
    expect(decodePrepare({ room: 'daily', look: 1 })).toMatchObject({ look: false });
  });

  it('SIG-12 refuses a bad room, and what is no request', () => {
    for (const value of ['', { room: 7 }]) {
      expect(decodePrepare(value)).toEqual(refusedWith('ERR_ROOM_NAME'));
    }
    expect(decodePrepare(7)).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
  });

  it('SIG-5 has an answer to anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof decodePrepare(value).ok).toBe('boolean');
      }),
    );
  });
});

describe('decodeRelay', () => {
  it('SIG-20 takes a payload with and without a receiver', () => {
    const offer = { type: 'offer', sdp: 'v=0' };
    expect(decodeRelay(offer, ' daily ', undefined)).toMatchObject({
      ok: true,
      payload: offer,
      room: 'daily',
      to: undefined,
    });
    expect(decodeRelay(offer, 'daily', null)).toMatchObject({ ok: true, to: undefined });
    expect(decodeRelay(null, 'daily', PEER)).toMatchObject({ ok: true, payload: null, to: PEER });
  });

  it.each(['', ' ', 'a b', 7, {}, [PEER], 'x'.repeat(33), '../x', false])(
    'SIG-23 refuses %j as a receiver',
    (to) => {
      expect(decodeRelay({}, 'daily', to)).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
    },
  );

  it('SIG-12 refuses a bad room', () => {
    expect(decodeRelay({}, undefined, PEER)).toEqual(refusedWith('ERR_ROOM_NAME'));
  });

  it('SIG-24 SIG-25 SIG-26 says what is wrong with a payload', () => {
    expect(decodeRelay('v=0', 'daily', PEER)).toEqual(refusedWith('ERR_MESSAGE_SCHEMA'));
    expect(decodeRelay({ a: [[[[[[[[]]]]]]]] }, 'daily', PEER)).toEqual(
      refusedWith('ERR_MESSAGE_SCHEMA'),
    );
    expect(decodeRelay({ sdp: 'x'.repeat(70_000) }, 'daily', PEER)).toEqual(
      refusedWith('ERR_MESSAGE_SIZE'),
    );
  });

  it('SIG-5 has an answer to anything at all', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.anything(), (payload, room, to) => {
        expect(typeof decodeRelay(payload, room, to).ok).toBe('boolean');
      }),
    );
  });
});

describe('isPeerId', () => {
  it('SIG-11 knows the form of an id', () => {
    expect(isPeerId(PEER)).toBe(true);
    expect(isPeerId('a'.repeat(32))).toBe(true);
    for (const other of [undefined, 7, '', 'ä', 'a\n', 'a b', 'a.b', ['a'], 'a'.repeat(33)]) {
      expect(isPeerId(other)).toBe(false);
    }
  });
});
