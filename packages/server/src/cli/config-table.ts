/**
 * What `parley config` prints: every setting, its value, and what decided it. Secrets are masked. Pure.
 * @module
 */
import { nameInFile } from './config-file.ts';
import type { SettingInForce } from './command-line.ts';

const MASK = '********';

/** One line for each setting, those that somebody decided first. */
export function formatConfig(settings: readonly SettingInForce[]): string {
  const rows = settings
    .toSorted((one, other) => rank(one) - rank(other))
    .map((one) => [nameInFile(one.setting), valueOf(one), reasonOf(one)] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rank({ source }: SettingInForce): number {
  return source === 'default' ? 1 : 0;
}

/** Help tells the default in its last parentheses. */
function valueOf({ setting, texts, source }: SettingInForce): string {
  if (source === 'default') return /\(([^()]+)\)$/.exec(setting.help)?.[1] ?? '-';
  // What stands before an @ in an address is a user and a password.
  return setting.flag === undefined ? MASK : texts.join(',').replaceAll(/:[^\s,]*@/g, `:${MASK}@`);
}

function reasonOf({ setting, source }: SettingInForce): string {
  switch (source) {
    case 'flag':
      return `flag --${setting.flag}`;
    case 'environment':
      return `environment ${setting.variable}`;
    case 'file':
      return 'file';
    case 'default':
      return 'default';
  }
}
