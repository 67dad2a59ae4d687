import { describe, expect, it } from 'vitest';
import { asDom } from '../testing/dom.ts';
import { CandidateQueue } from './candidate-queue.ts';

/** A connection that takes candidates only for its remote description. */
function setUp() {
  const added: string[] = [];
  const errors: unknown[] = [];
  let remoteDescription: { readonly sdp: string } | null = null;
  const connection = {
    get remoteDescription() {
      return remoteDescription;
    },
    addIceCandidate: (candidate?: RTCIceCandidateInit | null): Promise<void> => {
      if (candidate?.candidate === 'bad') return Promise.reject(new Error('malformed'));
      added.push(candidate?.candidate ?? '');
      return Promise.resolve();
    },
  };
  const describeRemote = (ufrag: string): void => {
    remoteDescription = { sdp: `v=0\r\na=ice-ufrag:${ufrag}\r\na=ice-pwd:x` };
  };
  const queue = new CandidateQueue(asDom('connection', connection), (error) => errors.push(error));
  return { queue, added, errors, describeRemote };
}

function of(candidate: string, usernameFragment?: string): RTCIceCandidateInit {
  return { candidate, usernameFragment: usernameFragment ?? null };
}

describe('CandidateQueue', () => {
  it('keeps what comes before the description, in order', async () => {
    const { queue, added, describeRemote } = setUp();
    await queue.add(of('one', 'aaaa'));
    await queue.add(of('two'));
    expect(added).toEqual([]);
    describeRemote('aaaa');
    await queue.flush();
    await queue.add(of('three', 'aaaa'));
    expect(added).toEqual(['one', 'two', 'three']);
  });

  it('keeps what belongs to a later description', async () => {
    const { queue, added, describeRemote } = setUp();
    describeRemote('aaaa');
    await queue.add(of('next', 'bbbb'));
    expect(added).toEqual([]);
    describeRemote('bbbb');
    await queue.flush();
    expect(added).toEqual(['next']);
  });

  it('does not take a part of a user fragment for the whole', async () => {
    const { queue, added, describeRemote } = setUp();
    describeRemote('aaaabbbb');
    await queue.add(of('other', 'aaaa'));
    expect(added).toEqual([]);
  });

  it('drops what belonged to a description that never came into force', async () => {
    const { queue, added, describeRemote } = setUp();
    await queue.add(of('ignored', 'aaaa'));
    describeRemote('bbbb');
    await queue.flush();
    describeRemote('aaaa');
    await queue.flush();
    expect(added).toEqual([]);
  });

  it('keeps a bounded number', async () => {
    const { queue, added, describeRemote } = setUp();
    for (let number = 0; number < 100; number += 1) await queue.add(of(String(number)));
    describeRemote('aaaa');
    await queue.flush();
    expect(added).toHaveLength(64);
  });

  it('reports a bad candidate and goes on with the others', async () => {
    const { queue, added, errors, describeRemote } = setUp();
    await queue.add(of('bad'));
    await queue.add(of('good'));
    describeRemote('aaaa');
    await queue.flush();
    expect(added).toEqual(['good']);
    expect(errors).toEqual([new Error('malformed')]);
  });
});
