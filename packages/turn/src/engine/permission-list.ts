/**
 * The IP addresses one allocation may exchange packets with. A permission is for an address, not
 * for a port, and lives five minutes from its last refresh.
 * @see https://www.rfc-editor.org/rfc/rfc8656#section-9
 * @module
 */
import { copyAddress, emptyAddress, isSameIp } from '../wire/transport-address.ts';
import type { TransportAddress } from '../wire/transport-address.ts';

/** Fixed by the RFC, so that clients know when to refresh. */
export const PERMISSION_LIFETIME_MS = 300_000;

/**
 * How far a permission reaches: `internal` only to allocations of the same room on this server,
 * `external` also out of the relay's own sockets.
 */
export type Reach = 'internal' | 'external';

/** One permission. */
export interface Permission {
  /** Its port means nothing. */
  readonly ip: TransportAddress;
  readonly reach: Reach;
  expiresAtMs: number;
}

/** The permissions of one allocation: a few, so a list. */
export class PermissionList {
  readonly #permissions: Permission[];

  constructor(permissions: readonly Permission[] = []) {
    this.#permissions = [...permissions];
  }

  /** All of them, expired ones included until they are swept. */
  list(): readonly Permission[] {
    return this.#permissions;
  }

  /** Permissions held, expired ones included until they are swept. */
  get size(): number {
    return this.#permissions.length;
  }

  /** The live permission for the IP of `peer`. */
  find(peer: TransportAddress, nowMs: number): Permission | undefined {
    for (const permission of this.#permissions) {
      if (permission.expiresAtMs > nowMs && isSameIp(permission.ip, peer)) return permission;
    }
    return undefined;
  }

  /** True when permissions for all of `peers` fit below `limit`. */
  hasRoomFor(peers: readonly TransportAddress[], limit: number, nowMs: number): boolean {
    this.sweep(nowMs);
    const fresh = peers.filter((peer) => this.find(peer, nowMs) === undefined);
    return this.#permissions.length + fresh.length <= limit;
  }

  /** Installs or refreshes the permission for the IP of `peer`. */
  install(peer: TransportAddress, reach: Reach, nowMs: number): void {
    const expiresAtMs = nowMs + PERMISSION_LIFETIME_MS;
    const existing = this.find(peer, nowMs);
    if (existing !== undefined && existing.reach === reach) {
      existing.expiresAtMs = expiresAtMs;
      return;
    }
    this.#remove((permission) => permission === existing);
    const ip = emptyAddress();
    copyAddress(ip, peer);
    this.#permissions.push({ ip, reach, expiresAtMs });
  }

  /** Forgets what has expired. */
  sweep(nowMs: number): void {
    this.#remove((permission) => permission.expiresAtMs <= nowMs);
  }

  #remove(isGone: (permission: Permission) => boolean): void {
    for (let index = this.#permissions.length - 1; index >= 0; index -= 1) {
      const permission = this.#permissions[index];
      if (permission !== undefined && isGone(permission)) this.#permissions.splice(index, 1);
    }
  }
}
