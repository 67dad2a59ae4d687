/**
 * Puts a track on a sender, or takes it off, without a negotiation.
 * @module
 */

/** The part of an RTCRtpSender that is needed. */
export type TrackSender = Pick<
  RTCRtpSender,
  'track' | 'replaceTrack' | 'getParameters' | 'setParameters'
>;

/**
 * Sends `track` from now on, or nothing. Calls for one sender must not overlap.
 * Firefox goes on with a black frame every second after `replaceTrack(null)`; an inactive encoding
 * sends nothing in any browser.
 */
export async function sendTrack(
  sender: TrackSender,
  track: MediaStreamTrack | null,
): Promise<void> {
  const hadTrack = sender.track !== null;
  await sender.replaceTrack(track);
  if (track !== null || hadTrack) await setActive(sender, track !== null);
}

async function setActive(sender: TrackSender, active: boolean): Promise<void> {
  const parameters = sender.getParameters();
  if (parameters.encodings.every((encoding) => encoding.active === active)) return;
  for (const encoding of parameters.encodings) encoding.active = active;
  await sender.setParameters(parameters);
}
