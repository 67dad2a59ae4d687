/**
 * Who sits at which port of an Ethernet switch, learned from the frames they send. Pure but for what it
 * has learned.
 * @module
 */
const ADDRESS_BYTES = 6;
/** Set in the first byte of an address that stands for a group. */
const GROUP_BIT = 0x01;

/** Decides where frames go. */
export class EthernetSwitch {
  readonly #ports: readonly number[];
  readonly #portOf = new Map<number, number>();

  /** @param count of ports, numbered from 0 */
  constructor(count: number) {
    this.#ports = Array.from({ length: count }, (_, port) => port);
  }

  /** Ports that a frame from this port leaves by: one when its receiver is known, else all others. */
  route(frame: Buffer, from: number): readonly number[] {
    if (frame.byteLength < ADDRESS_BYTES * 2) return [];
    this.#portOf.set(frame.readUIntBE(ADDRESS_BYTES, ADDRESS_BYTES), from);
    const isGroup = (frame.readUInt8() & GROUP_BIT) !== 0;
    const known = isGroup ? undefined : this.#portOf.get(frame.readUIntBE(0, ADDRESS_BYTES));
    if (known === undefined) return this.#ports.filter((port) => port !== from);
    return known === from ? [] : [known];
  }
}
