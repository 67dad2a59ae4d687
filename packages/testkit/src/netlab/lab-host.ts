/**
 * One virtual computer: a network namespace with devices, addresses, a firewall and processes of its
 * own. It shares nothing with the network of this machine.
 * @see https://man7.org/linux/man-pages/man8/ip-netns.8.html
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { labProgram } from './lab-program.ts';
import type { LabPrograms } from './lab-requirements.ts';
import { runCommand } from './run-command.ts';

/** What a host is made of. */
export interface LabHostOptions {
  readonly name: string;
  readonly namespace: string;
  readonly programs: LabPrograms;
  /** Where its scripts are kept. */
  readonly folder: string;
}

/** A virtual computer. It lives until its laboratory closes. */
export class LabHost {
  readonly name: string;
  /** Name of its network namespace, as `ip netns` lists it. */
  readonly namespace: string;
  readonly #programs: LabPrograms;
  readonly #folder: string;

  constructor({ name, namespace, programs, folder }: LabHostOptions) {
    this.name = name;
    this.namespace = namespace;
    this.#programs = programs;
    this.#folder = folder;
  }

  /** Starts a program on this host; the caller sees to its end. */
  start(
    program: string,
    args: readonly string[] = [],
  ): ChildProcessByStdio<Writable, Readable, null> {
    const words = ['netns', 'exec', this.namespace, program, ...args];
    return spawn(this.#programs.ip, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Runs a command on this host to its end; resolves to what it prints. @throws when it fails */
  async run(program: string, args: readonly string[] = [], input = ''): Promise<string> {
    const words = ['netns', 'exec', this.namespace, program, ...args];
    return runCommand(this.#programs.ip, words, input);
  }

  /** Carries out commands of `ip`, one a line, such as `address add 10.0.0.1/8 dev eth0`. */
  async ip(...lines: readonly string[]): Promise<void> {
    await runCommand(
      this.#programs.ip,
      ['-n', this.namespace, '-batch', '-'],
      `${lines.join('\n')}\n`,
    );
  }

  /** Carries out commands of `nft`, all of them or none. */
  async nft(rules: string): Promise<void> {
    await this.run(this.#programs.nft, ['-f', '-'], rules);
  }

  /** Sets a kernel parameter of this host's network, such as `net.ipv4.ip_forward`. */
  async setKernelParameter(name: string, value: number): Promise<void> {
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    await this.run('/bin/sh', ['-c', `echo ${value} > ${path}`]);
  }

  /** Path of a new program that does what `program` does, on this host. */
  wrap(program: string): string {
    const { ip } = this.#programs;
    return this.#writeScript(program, [ip, 'netns', 'exec', this.namespace, program]);
  }

  /** The same for a program that its driver controls over a socket on the loopback address. */
  wrapDriven(program: string): string {
    const bridge = labProgram('bridge-process');
    return this.#writeScript(program, [execPath, bridge, this.namespace, program]);
  }

  #writeScript(program: string, words: readonly string[]): string {
    const path = join(this.#folder, `${this.name}-${program.replaceAll(/[^\w.-]/gu, '-')}`);
    const command = words.map((word) => `'${word}'`).join(' ');
    writeFileSync(path, `#!/bin/sh\nexec ${command} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  }
}
