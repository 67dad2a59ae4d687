/**
 * What those inside see of a door, and who of them is told when it changes.
 * @module
 */
import type { DoorState } from '@parley/protocol';
import type { Membership } from '../membership/membership.ts';
import type { Room, RoomRegistry } from '../room-registry.ts';
import type { RoomDoor } from './room-door.ts';

/** What a view is made with. */
export interface DoorViewOptions {
  readonly rooms: Pick<RoomRegistry<Membership>, 'get'>;
  /** Tells somebody inside how the door is now. */
  readonly tell: (member: Membership) => void;
}

/** See the module comment. */
export class DoorView {
  readonly #options: DoorViewOptions;

  constructor(options: DoorViewOptions) {
    this.#options = options;
  }

  /** The door as `self` may see it. */
  stateFor(door: RoomDoor, self: Membership): DoorState {
    const { locked, knock, passcode } = door.record;
    const role = isHost(door, self) ? 'host' : 'guest';
    const hosts = [...this.members(door)].filter((one) => isHost(door, one));
    return {
      role,
      hosts: hosts.map(({ peer }) => peer.id),
      locked,
      knock,
      passcode: passcode !== undefined,
      knocks: role === 'host' ? Array.from(door.knocks.values(), ({ peer }) => peer) : [],
    };
  }

  /** `undefined` when nobody is inside. */
  roomOf({ room }: RoomDoor): Room<Membership> | undefined {
    return this.#options.rooms.get(room);
  }

  /** Those inside, oldest first. */
  members(door: RoomDoor): Iterable<Membership> {
    return this.roomOf(door)?.members.values() ?? [];
  }

  tellOne(member: Membership): void {
    if (member.features.has('door')) this.#options.tell(member);
  }

  /** Everybody but `except`, who has the news with the answer. */
  tellAll(door: RoomDoor, except?: Membership): void {
    for (const member of this.members(door)) if (member !== except) this.tellOne(member);
  }

  tellHosts(door: RoomDoor): void {
    for (const member of this.members(door)) if (isHost(door, member)) this.tellOne(member);
  }
}

/** Whether they decide about this door. */
export function isHost(door: RoomDoor, { standing, peer }: Membership): boolean {
  return standing === 'host' || door.holder === peer.id;
}
