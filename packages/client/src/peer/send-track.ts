/**
 * Puts a track on a sender, or takes it off, without a negotiation; and keeps the sender within the
 * limits that the governor has set.
 * @module
 */

/** The part of an RTCRtpSender that is needed. */
export type TrackSender = Pick<
  RTCRtpSender,
  'track' | 'replaceTrack' | 'getParameters' | 'setParameters'
>;

/** What may be sent, in the terms of an encoding; what is absent stays as it is. */
export type SendLimits = Pick<
  RTCRtpEncodingParameters,
  'active' | 'maxBitrate' | 'maxFramerate' | 'scaleResolutionDownBy' | 'priority'
>;

/**
 * Sends `track` from now on, or nothing. Calls for one sender must not overlap.
 * Firefox goes on with a black frame every second after `replaceTrack(null)`; an inactive encoding
 * sends nothing in any browser.
 */
export async function sendTrack(
  sender: TrackSender,
  track: MediaStreamTrack | null,
  limits?: SendLimits,
): Promise<void> {
  const hadTrack = sender.track !== null;
  await sender.replaceTrack(track);
  if (track !== null || hadTrack) await limitSender(sender, limits);
}

/** Keeps a sender within `limits` from now on. Calls for one sender must not overlap. */
export async function limitSender(sender: TrackSender, limits: SendLimits = {}): Promise<void> {
  const wanted: SendLimits = {
    ...limits,
    active: sender.track !== null && limits.active !== false,
  };
  const parameters = sender.getParameters();
  if (parameters.encodings.every((encoding) => isWithin(encoding, wanted))) return;
  for (const encoding of parameters.encodings) Object.assign(encoding, wanted);
  await sender.setParameters(parameters);
}

function isWithin(encoding: RTCRtpEncodingParameters, wanted: SendLimits): boolean {
  return Object.entries(wanted).every(([name, value]) => Reflect.get(encoding, name) === value);
}
