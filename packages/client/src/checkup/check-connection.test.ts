import { describe, expect, it } from 'vitest';
import { clientError } from '../client-error.ts';
import { camera, domError, FakeMediaDevices, microphone } from '../testing/fake-media-devices.ts';
import { judgeCandidates, judgeStun } from './candidate-checks.ts';
import { runCheckup } from './check-connection.ts';
import type { CheckupBrowser } from './check-connection.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const SERVER_TIME = { 'content-type': 'text/html', date: 'Mon, 30 Nov 2026 12:00:02 GMT' };

/** A browser with a camera and a microphone, and without WebRTC, in front of a server that answers. */
function browserWith(changes: Partial<CheckupBrowser> = {}): CheckupBrowser {
  const platform: CheckupBrowser['platform'] = {
    mediaDevices: new FakeMediaDevices(camera('Camera'), microphone('Microphone')).dom,
    now: () => 0,
    setTimer: () => () => {},
    createConnection: () => {
      throw clientError('ERR_WEBRTC_UNSUPPORTED', 'This browser has no WebRTC.');
    },
  };
  return {
    platform,
    page: {
      fetch: () => Promise.resolve(new Response('', { headers: SERVER_TIME })),
      unixMs: () => NOW,
      isSecure: true,
    },
    enterGuest: (_context, transport) =>
      Promise.resolve({
        finding: finding(transport, 'ok', 'connected', { ms: 1 }),
        iceServers: [{ urls: ['stun:127.0.0.1:1'] }],
        close: () => {},
      }),
    newRoom: () => 'checkup',
    ...changes,
  };
}

const failToFetch = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));

async function check(browser: CheckupBrowser): Promise<Map<string, Finding>> {
  const rows = await runCheckup({ url: 'https://calls.example.org' }, browser);
  return new Map(rows.map((row) => [row.check, row]));
}

describe('the checkup', () => {
  it('tells of each row as it changes, in the order of the table', async () => {
    const seen: string[] = [];
    const onProgress = (rows: readonly Finding[]): void => {
      seen.push(rows.map(({ check: name, status }) => `${name} ${status}`).join());
    };
    await runCheckup({ url: 'https://calls.example.org', onProgress }, browserWith());
    expect(seen).toContain('page running,secureContext ok,camera running');
    expect(seen.at(-1)).toMatch(/^page ok,secureContext ok,clock ok,websocket ok,polling ok,/u);
  });

  it('compares the clocks', async () => {
    const { page } = browserWith();
    const right = await check(browserWith());
    expect(right.get('clock')).toMatchObject({ status: 'ok', values: { seconds: 2 } });
    const late = await check(browserWith({ page: { ...page, unixMs: () => NOW + 90_000 } }));
    expect(late.get('clock')).toMatchObject({ status: 'fail', values: { seconds: 88 } });
  });

  it('goes on when the page does not answer', async () => {
    const { page } = browserWith();
    const rows = await check(
      browserWith({ page: { ...page, fetch: failToFetch, isSecure: false } }),
    );
    expect(rows.get('page')?.reason).toBe('unreachable');
    expect(rows.get('clock')?.status).toBe('skip');
    expect(rows.get('secureContext')?.reason).toBe('insecure');
    expect(rows.get('websocket')?.status).toBe('ok');
  });

  it('does not try the relay when nobody was let in, and lets go of everybody', async () => {
    let open = 0;
    const rows = await check(
      browserWith({
        enterGuest: (_context, transport) => {
          open += 1;
          const row = finding(transport, 'fail', 'noAnswer');
          return Promise.resolve({ finding: row, iceServers: undefined, close: () => (open -= 1) });
        },
      }),
    );
    expect(rows.get('turnUdp')).toEqual(finding('turnUdp', 'skip', 'nobodyLetIn'));
    expect(open).toBe(0);
  });

  it.each(['invitedOnly', 'invitationRefused'] as const)(
    'says that the relay is for people with an invitation: %s',
    async (reason) => {
      const rows = await check(
        browserWith({
          enterGuest: (_context, transport) => {
            const row = finding(transport, 'ok', reason);
            return Promise.resolve({ finding: row, iceServers: undefined, close: () => {} });
          },
        }),
      );
      expect(rows.get('websocket')?.status).toBe('ok');
      expect(rows.get('turnUdp')).toEqual(finding('turnUdp', 'skip', reason));
    },
  );

  it('shows the access token before the room that it opens', async () => {
    const entered: string[] = [];
    const browser = browserWith({
      enterGuest: ({ token }, transport, room) => {
        entered.push(`${room}: ${token}`);
        const row = finding(transport, 'fail', 'noAnswer');
        return Promise.resolve({ finding: row, iceServers: undefined, close: () => {} });
      },
    });
    const claims = Buffer.from(JSON.stringify({ room: 'daily' })).toString('base64url');
    const token = `e30.${claims}.sig`;
    await runCheckup({ url: 'https://calls.example.org', token }, browser);
    await runCheckup({ url: 'https://calls.example.org', token: 'any' }, browser);
    expect(new Set(entered)).toEqual(new Set([`daily: ${token}`, 'checkup: any']));
  });

  it('says that the browser has no WebRTC', async () => {
    const rows = await check(browserWith());
    expect(rows.get('candidates')).toEqual(finding('candidates', 'fail', 'noWebrtc'));
    expect(rows.get('relayQuality')?.status).toBe('skip');
  });

  it('starts the devices for a moment, and says why one does not start', async () => {
    const devices = new FakeMediaDevices(camera('Camera'));
    const { platform } = browserWith();
    const fine = await check(browserWith({ platform: { ...platform, mediaDevices: devices.dom } }));
    expect(fine.get('camera')?.reason).toBe('deviceWorks');
    expect(fine.get('microphone')?.reason).toBe('ERR_MEDIA_NOT_FOUND');
    expect(devices.live).toEqual([]);
    devices.check = () => {
      throw domError('NotAllowedError');
    };
    const denied = await check(
      browserWith({ platform: { ...platform, mediaDevices: devices.dom } }),
    );
    expect(denied.get('camera')?.reason).toBe('ERR_MEDIA_DENIED_BY_BROWSER');
    const insecure = await check(
      browserWith({ platform: { ...platform, mediaDevices: undefined } }),
    );
    expect(insecure.get('camera')?.reason).toBe('ERR_MEDIA_INSECURE_ORIGIN');
  });
});

it('an address that was told is proof of STUN; so is its end, or a relay that answers over UDP', () => {
  expect(judgeStun({ host: 1, srflx: 1, isComplete: false }, false).reason).toBe('addressFound');
  expect(judgeStun({ host: 1, srflx: 0, isComplete: true }, false).reason).toBe('sameAddress');
  expect(judgeStun({ host: 1, srflx: 0, isComplete: false }, true).reason).toBe('sameAddress');
  expect(judgeStun({ host: 1, srflx: 0, isComplete: false }, false).reason).toBe('stunSilent');
});

it('a browser that shows no way to be reached has WebRTC switched off', () => {
  expect(judgeCandidates({ host: 0, srflx: 0, isComplete: true }).reason).toBe('noCandidates');
  expect(judgeCandidates({ host: 2, srflx: 0, isComplete: true }).status).toBe('ok');
});
