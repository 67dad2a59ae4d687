import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../wire/address-text.ts';
import { ATTRIBUTE } from '../wire/attribute-type.ts';
import { appendErrorCode } from '../wire/error-code.ts';
import { appendFingerprint } from '../wire/fingerprint.ts';
import { appendIntegrity, verifyIntegrity } from '../wire/integrity.ts';
import type { IntegrityHash } from '../wire/integrity.ts';
import { longTermKey, userHash } from '../wire/integrity-key.ts';
import type { PasswordAlgorithm } from '../wire/integrity-key.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { encodeMessageType, MESSAGE_CLASS, METHOD } from '../wire/message-type.ts';
import { MessageWriter } from '../wire/message-writer.ts';
import { appendPasswordAlgorithm, appendPasswordAlgorithms } from '../wire/password-algorithm.ts';
import { emptyAddress } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';
import type { Credentials } from './credentials.ts';
import { appendProtection, LongTermAuth } from './long-term.ts';
import type { AuthContext } from './long-term.ts';
import { mintRestCredentials, RestCredentials } from './rest-credentials.ts';
import { roomTag } from './rest-username.ts';
import { StaticCredentials } from './static-credentials.ts';

const REALM = 'parley';
const FROM = at('203.0.113.7', 50_000);
const NOW_MS = 1_000_000;
const HOUR_MS = 3_600_000;
const UNIX_SECONDS = 1_700_000_000;
const USER = { username: 'ada', password: 'pw' };
const CONTEXT: AuthContext = {
  nowMs: NOW_MS,
  unixSeconds: UNIX_SECONDS,
  from: FROM,
  holder: undefined,
};

const MALFORMED = { ok: false, code: 400, challenge: false, reason: 'malformed' };
const WRONG = { ok: false, code: 401, challenge: true, reason: 'wrong-credentials' };
const EXPIRED = { ok: false, code: 401, challenge: true, reason: 'expired' };
const STALE = { ok: false, code: 438, challenge: true, reason: 'stale-nonce' };

function at(ip: string, port: number): TransportAddress {
  return parseAddress(ip, port) ?? emptyAddress();
}

function write(type: number, fill: (writer: MessageWriter) => void): MessageReader {
  const writer = new MessageWriter();
  writer.target(Buffer.alloc(2048), 0);
  writer.begin(type);
  writer.setTransactionId(Buffer.alloc(12, 7), 0);
  fill(writer);
  const bytes = writer.message();
  const reader = new MessageReader();
  reader.decode(bytes, 0, bytes.length);
  return reader;
}

/** How a client signs; everything it leaves out is as a good client does it. */
interface Signing {
  readonly method?: number;
  readonly username?: string | undefined;
  readonly password?: string;
  readonly realm?: string | undefined;
  readonly nonce?: string | undefined;
  readonly algorithm?: PasswordAlgorithm;
  readonly hashes?: readonly IntegrityHash[];
  /** Writes PASSWORD-ALGORITHMS and the like, USERHASH, and what else belongs before integrity. */
  readonly extra?: (writer: MessageWriter) => void;
}

class Server {
  readonly auth: LongTermAuth;

  constructor(credentials: Credentials = new StaticCredentials(REALM, [USER])) {
    let count = 0;
    const randomBytes = (size: number): Buffer => Buffer.alloc(size, (count += 1));
    this.auth = new LongTermAuth({ credentials, randomBytes });
  }

  challenge(context: Partial<AuthContext> = {}): MessageReader {
    const { nowMs, from } = { ...CONTEXT, ...context };
    const type = encodeMessageType(METHOD.allocate, MESSAGE_CLASS.error);
    return write(type, (writer) => {
      appendErrorCode(writer, 401);
      this.auth.appendChallenge(writer, nowMs, from);
    });
  }

  nonce(context: Partial<AuthContext> = {}): string {
    return this.challenge(context).value(ATTRIBUTE.nonce)?.toString('latin1') ?? '';
  }

  ask(signing: Signing = {}, context: Partial<AuthContext> = {}): unknown {
    return this.auth.authenticate(this.sign(signing), { ...CONTEXT, ...context });
  }

  sign(signing: Signing): MessageReader {
    const { method = METHOD.allocate, algorithm = 'md5', hashes = ['sha1'] } = signing;
    const username = 'username' in signing ? signing.username : USER.username;
    const realm = 'realm' in signing ? signing.realm : REALM;
    const nonce = 'nonce' in signing ? signing.nonce : this.nonce();
    const password = signing.password ?? USER.password;
    const names = { username: username ?? USER.username, realm: realm ?? REALM, password };
    return write(encodeMessageType(method, MESSAGE_CLASS.request), (writer) => {
      if (username !== undefined) writer.appendText(ATTRIBUTE.username, username);
      if (realm !== undefined) writer.appendText(ATTRIBUTE.realm, realm);
      if (nonce !== undefined) writer.appendText(ATTRIBUTE.nonce, nonce);
      signing.extra?.(writer);
      for (const hash of hashes) appendIntegrity(writer, hash, longTermKey(names, algorithm));
    });
  }
}

function chooses(algorithm: PasswordAlgorithm): (writer: MessageWriter) => void {
  return (writer) => {
    appendPasswordAlgorithms(writer);
    appendPasswordAlgorithm(writer, algorithm);
  };
}

function has(type: number, value: Uint8Array): (writer: MessageWriter) => void {
  return (writer) => writer.appendBytes(type, value);
}

function restServer(): { server: Server; credentials: RestCredentials } {
  const credentials = new RestCredentials({ realm: REALM, secrets: ['new', 'old'] });
  return { server: new Server(credentials), credentials };
}

describe('the challenge', () => {
  it('AUTH-30 a request without integrity gets 401 with realm, nonce and algorithms', () => {
    const server = new Server();
    const bare = write(encodeMessageType(METHOD.allocate, MESSAGE_CLASS.request), () => undefined);
    expect(server.auth.authenticate(bare, CONTEXT)).toEqual({
      ok: false,
      code: 401,
      challenge: true,
      reason: 'no-credentials',
    });
    const challenge = server.challenge();
    expect(challenge.value(ATTRIBUTE.realm)?.toString()).toBe(REALM);
    expect(challenge.value(ATTRIBUTE.passwordAlgorithms)?.toString('hex')).toBe('0002000000010000');
    expect(challenge.has(ATTRIBUTE.software)).toBe(false);
  });

  it('AUTH-31 a 401 has 96 bytes, 104 with FINGERPRINT', () => {
    const server = new Server();
    const answer = write(encodeMessageType(METHOD.allocate, MESSAGE_CLASS.error), (writer) => {
      appendErrorCode(writer, 401);
      server.auth.appendChallenge(writer, NOW_MS, FROM);
      expect(writer.length).toBe(96);
      appendFingerprint(writer);
    });
    expect(answer.length).toBe(104);
  });

  it('AUTH-32 clients are told to hide their names only when every name can be found', () => {
    const rest = new RestCredentials({ realm: REALM, secrets: ['s'] });
    expect(new Server(rest).nonce()).toMatch(/^obMatJos2AAAB/);
    expect(new Server().nonce()).toMatch(/^obMatJos2AAAD/);
  });
});

describe('what a request must have', () => {
  it.each([
    { name: 'USERNAME', signing: { username: undefined } },
    { name: 'REALM', signing: { realm: undefined } },
    { name: 'NONCE', signing: { nonce: undefined } },
    { name: 'a USERNAME short enough', signing: { username: 'a'.repeat(510) } },
  ])('AUTH-33 without $name it is refused with 400', ({ signing }) => {
    expect(new Server().ask(signing)).toEqual(MALFORMED);
  });

  it('AUTH-33 a USERNAME that is not UTF-8 or a USERHASH of another size is refused with 400', () => {
    const server = new Server();
    const broken = has(ATTRIBUTE.username, Buffer.of(0xff, 0xfe));
    const short = has(ATTRIBUTE.userhash, Buffer.alloc(31));
    expect(server.ask({ username: undefined, extra: broken })).toEqual(MALFORMED);
    expect(server.ask({ username: undefined, extra: short })).toEqual(MALFORMED);
  });

  it.each([
    { name: 'only the offer', extra: appendPasswordAlgorithms },
    {
      name: 'only the choice',
      extra: (writer: MessageWriter): void => appendPasswordAlgorithm(writer, 'sha256'),
    },
    {
      name: 'an offer that was not ours',
      extra: (writer: MessageWriter): void => {
        writer.appendUint32(ATTRIBUTE.passwordAlgorithms, 0x0001_0000);
        appendPasswordAlgorithm(writer, 'md5');
      },
    },
    {
      name: 'a choice that was not offered',
      extra: (writer: MessageWriter): void => {
        appendPasswordAlgorithms(writer);
        writer.appendUint32(ATTRIBUTE.passwordAlgorithm, 0x0003_0000);
      },
    },
  ])('AUTH-34 with $name of password algorithms it is refused with 400', ({ extra }) => {
    expect(new Server().ask({ extra })).toEqual(MALFORMED);
  });
});

describe('who is let in', () => {
  it.each([
    { says: 'nothing', algorithm: 'md5', hashes: ['sha1'], answer: 'sha1' },
    { says: 'nothing', algorithm: 'md5', hashes: ['sha256'], answer: 'sha1' },
    { says: 'nothing', algorithm: 'md5', hashes: ['sha1', 'sha256'], answer: 'sha1' },
    { says: 'md5', algorithm: 'md5', hashes: ['sha256'], answer: 'sha256' },
    { says: 'sha256', algorithm: 'sha256', hashes: ['sha256'], answer: 'sha256' },
    { says: 'sha256', algorithm: 'sha256', hashes: ['sha1'], answer: 'sha256' },
    { says: 'sha256', algorithm: 'sha256', hashes: ['sha1', 'sha256'], answer: 'sha256' },
  ] as const)(
    'AUTH-35 says $says, key $algorithm, signed with $hashes, answered with $answer',
    ({ says, algorithm, hashes, answer }) => {
      const server = new Server();
      const extra = says === 'nothing' ? {} : { extra: chooses(says) };
      expect(server.ask({ algorithm, hashes, ...extra })).toMatchObject({
        ok: true,
        username: 'ada',
        peer: 'ada',
        hash: answer,
      });
      expect(server.ask({ algorithm, hashes, ...extra, password: 'no' })).toEqual(WRONG);
    },
  );

  it('AUTH-35 when both integrity attributes are there, SHA-256 decides', () => {
    const server = new Server();
    const good = longTermKey({ ...USER, realm: REALM }, 'md5');
    const bad = longTermKey({ ...USER, realm: REALM, password: 'no' }, 'md5');
    const request = server.sign({
      hashes: [],
      extra: (writer) => {
        appendIntegrity(writer, 'sha1', good);
        appendIntegrity(writer, 'sha256', bad);
      },
    });
    expect(server.auth.authenticate(request, CONTEXT)).toEqual(WRONG);
  });

  it('AUTH-36 the answer is protected with the key of the request', () => {
    const server = new Server();
    const auth = server.auth.authenticate(server.sign({}), CONTEXT);
    expect(auth.ok).toBe(true);
    if (!auth.ok) return;
    const type = encodeMessageType(METHOD.allocate, MESSAGE_CLASS.success);
    const answer = write(type, (writer) => appendProtection(writer, auth));
    const key = longTermKey({ ...USER, realm: REALM }, 'md5');
    expect(verifyIntegrity(answer, 'sha1', key)).toBe(true);
  });

  it('AUTH-37 USERHASH stands for the name', () => {
    const server = new Server();
    const ada = has(ATTRIBUTE.userhash, userHash('ada', REALM));
    const eve = has(ATTRIBUTE.userhash, userHash('eve', REALM));
    expect(server.ask({ username: undefined, extra: ada })).toMatchObject({
      ok: true,
      username: 'ada',
    });
    expect(server.ask({ username: undefined, extra: eve })).toEqual(WRONG);
  });

  it('AUTH-38 unknown names, wrong passwords and foreign realms look the same', () => {
    const server = new Server();
    expect(server.ask({ username: 'eve' })).toEqual(WRONG);
    expect(server.ask({ password: 'no' })).toEqual(WRONG);
    expect(server.ask({ realm: 'elsewhere' })).toEqual(WRONG);
    const nobody = server.sign({ username: 'eve', nonce: 'made up' });
    expect(server.auth.authenticate(nobody, CONTEXT)).toEqual(WRONG);
  });

  it('AUTH-39 anything changed on the way is refused', () => {
    const server = new Server();
    const good = server.sign({ algorithm: 'sha256', hashes: ['sha256'], extra: chooses('sha256') });
    let decoded = 0;
    for (let byte = 0; byte < good.length; byte += 1) {
      const bytes = Buffer.from(good.bytes.subarray(0, good.length));
      bytes[byte] = (bytes[byte] ?? 0) ^ 0x01;
      const reader = new MessageReader();
      try {
        reader.decode(bytes, 0, bytes.length);
      } catch {
        continue; // A broken length or cookie never gets this far.
      }
      decoded += 1;
      expect(server.auth.authenticate(reader, CONTEXT).ok, `byte ${byte}`).toBe(false);
    }
    expect(decoded).toBeGreaterThan(good.length / 2);
  });
});

describe('nonces', () => {
  it('AUTH-40 438 comes after a valid integrity, never before', () => {
    const server = new Server();
    for (const nonce of ['', 'made up', server.nonce({ from: at('203.0.113.8', 50_000) })]) {
      expect(server.ask({ nonce, password: 'no' })).toEqual(WRONG);
      expect(server.ask({ nonce })).toEqual(STALE);
    }
    const old = server.nonce();
    expect(server.ask({ nonce: old }, { nowMs: NOW_MS + HOUR_MS })).toMatchObject({ ok: true });
    expect(server.ask({ nonce: old }, { nowMs: NOW_MS + 2 * HOUR_MS })).toEqual(STALE);
  });

  it('AUTH-41 an Allocate from a new port of the same host passes, other requests do not', () => {
    const server = new Server();
    const nonce = server.nonce({ from: at('203.0.113.7', 49_999) });
    expect(server.ask({ nonce })).toMatchObject({ ok: true });
    for (const method of [METHOD.refresh, METHOD.createPermission, METHOD.channelBind]) {
      expect(server.ask({ nonce, method })).toEqual(STALE);
    }
  });

  it('AUTH-42 a nonce without the algorithms bit hides nothing: it is stale', () => {
    const server = new Server();
    const nonce = server.nonce().replace('AAAD', 'AAAC');
    expect(server.ask({ nonce })).toEqual(STALE);
  });
});

describe('time-limited credentials', () => {
  const options = { secret: 'new', room: '우리 집', peer: 'p1' };
  const { username, credential } = mintRestCredentials({
    ...options,
    expiresAtSeconds: UNIX_SECONDS + 60,
  });
  const signing = { username, password: credential };
  const late = { unixSeconds: UNIX_SECONDS + 60 };

  it('AUTH-43 they name room and peer', () => {
    const { server } = restServer();
    expect(server.ask(signing)).toMatchObject({
      ok: true,
      username,
      room: roomTag('우리 집'),
      peer: 'p1',
      expiresAtSeconds: UNIX_SECONDS + 60,
    });
  });

  it('AUTH-43 they are good under an older secret, not under a stranger', () => {
    const { server } = restServer();
    const old = mintRestCredentials({ ...options, secret: 'old', expiresAtSeconds: 2e9 });
    const strange = mintRestCredentials({ ...options, secret: 'x', expiresAtSeconds: 2e9 });
    expect(server.ask({ ...old, password: old.credential })).toMatchObject({ ok: true });
    expect(server.ask({ ...strange, password: strange.credential })).toEqual(WRONG);
  });

  it('AUTH-44 expired ones start nothing and reach nothing', () => {
    const { server } = restServer();
    const { refresh } = METHOD;
    expect(server.ask(signing, late)).toEqual(EXPIRED);
    expect(server.ask({ ...signing, method: refresh }, late)).toEqual(EXPIRED);
    expect(server.ask({ ...signing, method: refresh, password: 'no' }, late)).toEqual(WRONG);
  });

  it('AUTH-45 expired ones go on with the allocation they made, and with no other', () => {
    const { server } = restServer();
    const { refresh, allocate } = METHOD;
    const holder = { ...late, holder: username };
    expect(server.ask({ ...signing, method: refresh }, holder)).toMatchObject({ ok: true });
    expect(server.ask({ ...signing, method: allocate }, holder)).toEqual(EXPIRED);
    const other = { ...late, holder: 'somebody else' };
    expect(server.ask({ ...signing, method: refresh }, other)).toEqual(EXPIRED);
  });

  it('AUTH-46 nothing is remembered of a request that was refused', () => {
    const { server, credentials } = restServer();
    for (let index = 0; index < 100; index += 1) {
      server.ask({ username: `1800000000:user${index}`, password: 'guess' });
    }
    server.ask(signing, late);
    server.ask({ ...signing, nonce: 'stale' });
    expect(credentials.cached).toBe(0);
    server.ask(signing);
    server.ask(signing);
    expect(credentials.cached).toBe(1);
  });
});

it('AUTH-47 survives any attributes', () => {
  const server = new Server();
  const nonce = server.nonce();
  const types = [
    ATTRIBUTE.username,
    ATTRIBUTE.userhash,
    ATTRIBUTE.realm,
    ATTRIBUTE.nonce,
    ATTRIBUTE.passwordAlgorithm,
    ATTRIBUTE.passwordAlgorithms,
    ATTRIBUTE.messageIntegrity,
    ATTRIBUTE.messageIntegritySha256,
  ];
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 48 }),
    fc.constantFrom(nonce, USER.username, REALM).map((text) => Buffer.from(text)),
  );
  const attributes = fc.array(fc.tuple(fc.constantFrom(...types), value), { maxLength: 10 });
  fc.assert(
    fc.property(attributes, fc.constantFrom(...Object.values(METHOD)), (list, method) => {
      const request = write(encodeMessageType(method, MESSAGE_CLASS.request), (writer) => {
        for (const [type, bytes] of list) writer.appendBytes(type, bytes);
      });
      expect(server.auth.authenticate(request, CONTEXT).ok).toBe(false);
    }),
  );
});
