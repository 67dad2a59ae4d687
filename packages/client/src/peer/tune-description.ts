/**
 * Changes a remote description on its way into our own browser, to say how we want to send. The other
 * side never sees it. Browsers that do not know a parameter ignore it. Pure.
 * @see https://www.rfc-editor.org/rfc/rfc7587#section-6.1
 * @module
 */

/** Share of the uplink to begin with; the rest leaves room for sound and for error. */
const START_SHARE = 0.8;
const LEAST_START_KBPS = 150;
const MOST_START_KBPS = 1_000;

/**
 * For one connection in a room with so many other people. Chromium takes more than ten seconds from
 * its own start of 300 kbit/s to a sharp picture. The first answer of `crowd` counts for good: another
 * start bitrate in a later description would set the estimate back. Whether our voice is sent twice is
 * asked each time.
 */
export function tuneForCrowd(
  uplinkBitrate: number,
  crowd: () => number,
  isVoiceTwice: () => boolean,
): (sdp: string) => string {
  let people = 0;
  return (original) => {
    const sdp = isVoiceTwice() ? putRedundancyFirst(original) : original;
    people ||= Math.max(1, crowd());
    const share = Math.round((uplinkBitrate * START_SHARE) / people / 1_000);
    const kbps = Math.min(MOST_START_KBPS, Math.max(LEAST_START_KBPS, share));
    // A second `fmtp` line of a format adds to the first one.
    const started = sdp.replaceAll(
      /^a=rtpmap:(\d+) (?:VP[89]|AV1|H26[45])\/90000\r\n/gimu,
      `$&a=fmtp:$1 x-google-start-bitrate=${kbps}\r\n`,
    );
    // Silence is not sent: most people are silent most of the time.
    return started.replaceAll(/^a=fmtp:\d+ (?=.*useinbandfec)/gmu, '$&usedtx=1;');
  };
}

/**
 * The first format of a section is the one that is sent. The first audio section is the microphone.
 * @see https://www.rfc-editor.org/rfc/rfc2198
 */
function putRedundancyFirst(sdp: string): string {
  const red = /^a=rtpmap:(\d+) red\/48000/imu.exec(sdp)?.[1];
  if (red === undefined) return sdp;
  return sdp.replace(/^(m=audio \S+ \S+)((?: \d+)*)/mu, (_line, start: string, formats: string) => {
    const others = formats.split(' ').filter((format) => format !== red);
    return [start, red, ...others.slice(1)].join(' ');
  });
}
