import { describe, expect, it } from 'vitest';
import { tuneForCrowd } from './tune-description.ts';

const UPLINK = 2_500_000;
const never = (): boolean => false;
const SDP = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:98 VP9/90000',
  'a=fmtp:98 profile-id=0',
  '',
].join('\r\n');

function startOf(people: number): number {
  const tuned = tuneForCrowd(UPLINK, () => people, never)(SDP);
  return Number(/x-google-start-bitrate=(\d+)/u.exec(tuned)?.[1]);
}

describe('a tuned description', () => {
  it('starts every video codec at a share of the uplink', () => {
    const tuned = tuneForCrowd(UPLINK, () => 4, never)(SDP);
    expect(tuned.match(/a=fmtp:\d+ x-google-start-bitrate=500\r\n/gu)).toEqual([
      'a=fmtp:96 x-google-start-bitrate=500\r\n',
      'a=fmtp:98 x-google-start-bitrate=500\r\n',
    ]);
  });

  it.each([
    [0, 1_000],
    [1, 1_000],
    [2, 1_000],
    [7, 286],
    [30, 150],
  ])('with %i others starts at %i kbit/s', (people, kbps) => {
    expect(startOf(people)).toBe(kbps);
  });

  it('never changes its mind: that would set the estimate back', () => {
    let people = 1;
    const tune = tuneForCrowd(UPLINK, () => people, never);
    const first = tune(SDP);
    people = 7;
    expect(tune(SDP)).toBe(first);
  });

  it.each([0, 1, 2, 7])('asks for silence to be left out, with %i others', (people) => {
    expect(tuneForCrowd(UPLINK, () => people, never)(SDP)).toContain(
      'a=fmtp:111 usedtx=1;minptime=10;useinbandfec=1\r\n',
    );
  });

  it('puts first the format that sends a voice twice, as long as that is wanted', () => {
    let isTwice = true;
    const tune = tuneForCrowd(
      UPLINK,
      () => 1,
      () => isTwice,
    );
    expect(tune(SDP)).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n');
    expect(tune(SDP.replaceAll('red/', 'dtmf/'))).toContain('SAVPF 111 63\r\n');
    isTwice = false;
    expect(tune(SDP)).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n');
  });

  it('leaves everything else as it is', () => {
    const tuned = tuneForCrowd(UPLINK, () => 2, never)(SDP);
    const plain = tuned.replaceAll(/a=fmtp:\d+ x-google[^\n]*\n/gu, '').replace('usedtx=1;', '');
    expect(plain).toBe(SDP);
    expect(tuneForCrowd(UPLINK, () => 1, never)('v=0\r\n')).toBe('v=0\r\n');
  });
});
