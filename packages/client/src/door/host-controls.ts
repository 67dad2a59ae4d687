/**
 * What a host does. The server looks whether we are one.
 * @module
 */
import type { DoorChange, HostRequest, PersonAction, PeerId } from '@parley/protocol';

type Act = (id: PeerId) => Promise<void>;

/** Each one rejects with a ParleyError: `ERR_NOT_HOST`, or `ERR_PEER_UNKNOWN` when they are gone. */
export interface HostControls {
  /** Lets in somebody who waits; `id` is that of the knock. */
  readonly admit: Act;
  /** Does not let them in. */
  readonly refuse: Act;
  /** Sends somebody out of the room at once. */
  readonly remove: Act;
  /** Asks somebody to mute their microphone; they decide. */
  readonly askToMute: Act;
  /** Makes somebody else the host. */
  readonly promote: Act;
  /** Locks, sets or takes away (`null`) the passcode, switches knocking on or off. */
  readonly setDoor: (change: DoorChange) => Promise<void>;
}

/** Controls that ask through `ask`. */
export function hostControls(ask: (request: HostRequest) => Promise<void>): HostControls {
  const act =
    (action: PersonAction): Act =>
    (id) =>
      ask({ do: action, id });
  return {
    admit: act('admit'),
    refuse: act('refuse'),
    remove: act('remove'),
    askToMute: act('mute'),
    promote: act('promote'),
    setDoor: (change) => ask({ ...change, do: 'door' }),
  };
}
