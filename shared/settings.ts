import type { Remedy } from './check.ts';
import type { Machine } from './machine.ts';

const major = (machine: Machine) => Number.parseInt(machine.osVersion ?? '', 10);

/**
 * A page of macOS's settings: macOS 13 and later by its new name with a link, macOS 12 by its old name. A Mac whose version
 * is not known gets the new one.
 */
export function onMac(
  page: { readonly text: string; readonly link: string; readonly command?: string },
  before13: string,
): (machine: Machine) => Remedy {
  return (machine) =>
    major(machine) < 13
      ? { text: before13, ...(page.command !== undefined && { command: page.command }) }
      : { ...page, link: `x-apple.systempreferences:${page.link}` };
}

/** Where Windows keeps the accounts of other people. */
export const otherUsers = (machine: Machine) =>
  `Settings > Accounts > ${isWindows10(machine) ? 'Family & other users' : 'Other users'}`;

/** Windows 10 keeps some pages elsewhere than Windows 11 (build 22000 and later). */
export function isWindows10(machine: Machine): boolean {
  const build = Number(machine.osVersion?.split('.')[2]);
  return build > 0 && build < 22_000;
}
