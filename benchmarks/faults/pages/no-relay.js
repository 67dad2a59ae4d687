/** From now on no connection of this page knows a relay. */
const isRelay = (url) => /^turns?:/.test(url);

const withoutRelay = (configuration = {}) => ({
  ...configuration,
  iceServers: (configuration.iceServers ?? []).filter(({ urls }) => ![urls].flat().some(isRelay)),
});

globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration) {
    super(withoutRelay(configuration));
  }

  setConfiguration(configuration) {
    super.setConfiguration(withoutRelay(configuration));
  }
};
