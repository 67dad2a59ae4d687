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
/** From so many other people on, silence is not sent: most are silent most of the time. */
const GROUP_SIZE = 2;

/**
 * For one connection in a room with so many other people. Chromium takes more than ten seconds from
 * its own start of 300 kbit/s to a sharp picture. The first answer of `crowd` counts for good: another
 * start bitrate in a later description would set the estimate back.
 */
export function tuneForCrowd(uplinkBitrate: number, crowd: () => number): (sdp: string) => string {
  let people = 0;
  return (sdp) => {
    people ||= Math.max(1, crowd());
    const share = Math.round((uplinkBitrate * START_SHARE) / people / 1_000);
    const kbps = Math.min(MOST_START_KBPS, Math.max(LEAST_START_KBPS, share));
    // A second `fmtp` line of a format adds to the first one.
    const started = sdp.replaceAll(
      /^a=rtpmap:(\d+) (?:VP[89]|AV1|H26[45])\/90000\r\n/gimu,
      `$&a=fmtp:$1 x-google-start-bitrate=${kbps}\r\n`,
    );
    if (people < GROUP_SIZE) return started;
    return started.replaceAll(/^a=fmtp:\d+ (?=.*useinbandfec)/gmu, '$&usedtx=1;');
  };
}
