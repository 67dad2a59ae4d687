import { describe, expect, it } from 'vitest';
import { settle } from '../testing/settle.ts';
import { findEfficient, orderFormats, preferEfficient } from './codec-order.ts';
import type { CodecPlatform } from './codec-order.ts';

const FORMATS: readonly RTCRtpCodec[] = [
  { mimeType: 'video/VP8', clockRate: 90_000 },
  { mimeType: 'video/rtx', clockRate: 90_000 },
  { mimeType: 'video/VP9', clockRate: 90_000, sdpFmtpLine: 'profile-id=0' },
  { mimeType: 'video/H264', clockRate: 90_000, sdpFmtpLine: 'profile-level-id=42e01f' },
  { mimeType: 'video/H264', clockRate: 90_000, sdpFmtpLine: 'profile-level-id=640034' },
  { mimeType: 'video/AV1', clockRate: 90_000 },
  { mimeType: 'video/ulpfec', clockRate: 90_000 },
];

type Answer = Pick<MediaCapabilitiesInfo, 'smooth' | 'powerEfficient'>;
const BEST: Answer = { smooth: true, powerEfficient: true };
const HUNGRY: Answer = { smooth: true, powerEfficient: false };

/** A browser that answers by a part of the content type. */
function browser(
  encoding: Readonly<Record<string, Answer>>,
  decoding = encoding,
): CodecPlatform & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer =
    (answers: Readonly<Record<string, Answer>>) =>
    (configuration: { readonly video?: VideoConfiguration }) => {
      const type = configuration.video?.contentType ?? '';
      asked.push(type);
      const found = Object.entries(answers).find(([part]) => type.includes(part))?.[1];
      const info = { supported: true, ...(found ?? HUNGRY) };
      return Promise.resolve({ ...info, configuration, keySystemAccess: null });
    };
  return {
    asked,
    capabilities: {
      encodingInfo: answer(encoding),
      // The types of the two answers differ in members that nobody reads.
      decodingInfo: (configuration) =>
        answer(decoding)(configuration).then((info) => ({ ...info, configuration })),
    },
    formats: () => FORMATS,
  };
}

function typesOf(formats: readonly RTCRtpCodec[]): readonly string[] {
  return formats.map(({ mimeType, sdpFmtpLine = '' }) => `${mimeType.slice(6)} ${sdpFmtpLine}`);
}

describe('efficient formats', () => {
  it('are those that are smooth and take little power, both ways', async () => {
    const platform = browser(
      { '42e01f': BEST, VP9: BEST, AV1: { smooth: false, powerEfficient: true } },
      { '42e01f': BEST, VP8: BEST },
    );
    expect(typesOf(await findEfficient(platform))).toEqual(['H264 profile-level-id=42e01f']);
    expect(platform.asked).not.toContain('video/rtx');
    expect(platform.asked).toContain('video/VP9;profile-id=0');
  });

  it.each([
    ['has no such question', undefined],
    [
      'refuses it',
      {
        encodingInfo: () => Promise.reject(new TypeError('webrtc')),
        decodingInfo: () => Promise.reject(new TypeError('webrtc')),
      },
    ],
  ])('there are none in a browser that %s', async (_what, capabilities) => {
    expect(await findEfficient({ capabilities, formats: () => FORMATS })).toEqual([]);
  });
});

describe('the order of formats', () => {
  it('has the efficient ones first, and leaves none out', () => {
    const ordered = orderFormats(FORMATS, FORMATS.slice(3, 4));
    expect(typesOf(ordered).slice(0, 3)).toEqual(['H264 profile-level-id=42e01f', 'VP8 ', 'rtx ']);
    expect([ordered.length, new Set(ordered)]).toEqual([FORMATS.length, new Set(FORMATS)]);
  });

  it('is set in sections for pictures, as soon as it is known', async () => {
    const set: (readonly string[])[] = [];
    const section = (kind: string) => ({
      receiver: { track: { kind } },
      setCodecPreferences: (codecs: RTCRtpCodec[]) => void set.push(typesOf(codecs)),
    });
    const prefer = preferEfficient(browser({ VP9: BEST }));
    prefer(section('video'));
    await settle();
    prefer(section('audio'));
    prefer(section('video'));
    prefer({ receiver: { track: { kind: 'video' } } });
    expect(set.map(([first]) => first)).toEqual(['VP9 profile-id=0']);
  });

  it('stays as it is where the browser refuses another one', async () => {
    const prefer = preferEfficient(browser({ VP9: BEST }));
    await settle();
    expect(() =>
      prefer({
        receiver: { track: { kind: 'video' } },
        setCodecPreferences() {
          throw new DOMException('no', 'InvalidModificationError');
        },
      }),
    ).not.toThrow();
  });

  it('stays as the browser has it when nothing is efficient', async () => {
    const prefer = preferEfficient(browser({}));
    await settle();
    let isSet = false;
    prefer({ receiver: { track: { kind: 'video' } }, setCodecPreferences: () => (isSet = true) });
    expect(isSet).toBe(false);
  });
});
