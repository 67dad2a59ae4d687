/**
 * What every contender's page has: the same camera and microphone, opened before the click, and a
 * clock that runs from the click to the first picture of the other person.
 */
const LAB = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const video = document.getElementById('remote');

const stage = {
  /** Where our server is, and PeerJS's. */
  ...LAB,
  media: undefined,
  /** Resolves with the time of the first remote frame. */
  firstFrame: new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve(performance.now()));
  }),
  /** Shows what came from the other side. */
  show(stream) {
    if (video.srcObject === null) video.srcObject = stream;
  },
  showTrack(track) {
    if (track.kind === 'video') stage.show(new MediaStream([track]));
  },
};
globalThis.stage = stage;

/** Loads a library in the form in which it is handed out to pages. */
globalThis.loadScript = (path) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = path;
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(`no ${path}`)));
    document.head.append(script);
  });

globalThis.openMedia = async () => {
  stage.media = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
  });
};

/** Everything that a page can have done before the click. */
globalThis.getReady = async (place) => {
  await loadScript(`/pages/${LAB.page}.js`);
  await globalThis.contender.load();
  await globalThis.contender[place === 'inside' ? 'enter' : 'prepare'](LAB.room);
};

/** The click. Resolves with the milliseconds until the other person is seen. */
globalThis.clickJoin = async () => {
  const start = performance.now();
  await Promise.all([globalThis.contender.join(LAB.room), stage.firstFrame]);
  return (await stage.firstFrame) - start;
};
