import { describe, expect, it } from 'vitest';
import { resolveClientOptions } from './client-options.ts';
import { SILENT_LOGGER } from './logger.ts';

describe('resolveClientOptions', () => {
  it('fills in the defaults', () => {
    expect(resolveClientOptions({})).toEqual({
      url: undefined,
      iceServers: [],
      iceTransportPolicy: 'all',
      quality: { maxUplinkBitrate: 2_500_000 },
      logger: SILENT_LOGGER,
    });
  });

  it.each(['https://calls.example.org', 'http://127.0.0.1:7000', 'wss://a.b'])(
    'takes %s',
    (url) => {
      expect(resolveClientOptions({ url }).url).toBe(url);
      expect(resolveClientOptions({ url: new URL(url) }).url).toContain(url);
    },
  );

  it('takes a cap for the uplink, or no governor at all', () => {
    const quality = { maxUplinkBitrate: 800_000 };
    expect(resolveClientOptions({ quality }).quality).toEqual(quality);
    expect(resolveClientOptions({ quality: false }).quality).toBeUndefined();
  });

  it.each([0, -1, NaN])('refuses %d bits per second', (maxUplinkBitrate) => {
    expect(() => resolveClientOptions({ quality: { maxUplinkBitrate } })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS' }),
    );
  });

  it.each(['', 'calls.example.org', '/calls', 'ftp://a.b', 'https://'])('refuses "%s"', (url) => {
    expect(() => resolveClientOptions({ url })).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTIONS',
        message: expect.stringContaining(`"${url}"`),
      }),
    );
  });
});
