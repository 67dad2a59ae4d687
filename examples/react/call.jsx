/**
 * A call in React without a binding package: state lives in the SDK, components read it.
 */
import { useEffect, useRef, useState } from 'react';
import { useSnapshot } from './use-snapshot.js';

/** Before the call, and the call. */
export function Call({ client }) {
  const [room, setRoom] = useState();
  const [problem, setProblem] = useState('');

  async function join(event) {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    // Asks for both devices at once. Who has none, or says no, can still see and hear the others.
    await client.media.start({ camera: true, microphone: true });
    try {
      setRoom(await client.join('react', { name }));
      setProblem('');
    } catch (error) {
      setProblem(error.message); // says what to do next
    }
  }

  if (room === undefined) {
    return (
      <form onSubmit={join}>
        <label>
          Your name <input name="name" required />
        </label>
        <button>Join</button>
        <output>{problem}</output>
      </form>
    );
  }
  return <People room={room} onLeave={() => setRoom(undefined)} />;
}

function People({ room, onLeave }) {
  const { peers, state } = useSnapshot(room);

  async function leave() {
    await room.leave();
    onLeave();
  }

  return (
    <main>
      <output>{state === 'connected' ? `${peers.length + 1} in the call` : 'Reconnecting'}</output>
      <MuteButton microphone={room.self.microphone} />
      <button onClick={leave}>Leave</button>
      {peers.map((peer) => (
        <Person key={peer.id} peer={peer} />
      ))}
    </main>
  );
}

function MuteButton({ microphone }) {
  const { muted } = useSnapshot(microphone);
  return (
    <button aria-pressed={muted} onClick={() => microphone.setMuted(!muted)}>
      Mute
    </button>
  );
}

function Person({ peer }) {
  const { camera, microphone } = useSnapshot(peer);
  const link = useSnapshot(peer.link);
  return (
    <figure>
      <Player as="video" track={camera.track} playsInline />
      <Player as="audio" track={microphone.track} />
      <figcaption>
        {peer.name} {!microphone.on && '(muted)'} {link.state === 'recovering' && '(bad network)'}
      </figcaption>
    </figure>
  );
}

/** Picture and sound have elements of their own: one for both stays silent until a picture comes. */
function Player({ as: Element, track, ...attributes }) {
  const player = useRef(null);
  useEffect(() => {
    player.current.srcObject = track === undefined ? null : new MediaStream([track]);
  }, [track]);
  return <Element ref={player} autoPlay {...attributes} />;
}
