/**
 * The one place where fakes pass as what a browser has. A fake carries only the members that the SDK
 * uses; a test that reaches for another one fails on it.
 * @module
 */

interface DomTypes {
  readonly channel: RTCDataChannel;
  readonly connection: RTCPeerConnection;
  readonly device: MediaDeviceInfo;
  readonly mediaDevices: MediaDevices;
  readonly report: RTCStatsReport;
  readonly sender: RTCRtpSender;
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  readonly transceiver: RTCRtpTransceiver;
}

/** The fake as the browser's own type. */
export function asDom<Name extends keyof DomTypes>(name: Name, fake: object): DomTypes[Name] {
  if (!passesAs(name, fake)) throw new TypeError(`not a ${name}`);
  return fake;
}

function passesAs<Name extends keyof DomTypes>(
  _name: Name,
  _fake: object,
): _fake is DomTypes[Name] {
  return true;
}
