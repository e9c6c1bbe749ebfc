import type { Sources } from '../../probe.ts';
import { disks, mountedElsewhere } from '../../readings/darwin/disks.ts';
import { consoleUser } from '../../readings/darwin/person.ts';
import { dictionaryOf, isDictionary, parsePropertyList } from '../../readings/darwin/property-list.ts';
import { told } from '../../readings/darwin/told.ts';
import { isSharedName } from '../../readings/shared-names.ts';

export const redacted = '<redacted>';

/** Accounts of the system itself; they are called the same everywhere. */
const systemAccounts = new Set(['daemon', 'Guest', 'nobody', 'root', 'loginwindow', '_mbsetupuser']);

/** What people and volumes of this Mac are called in a recording: the same stand-in in every read. */
export class MacNames {
  private readonly accounts: ReadonlyMap<string, string>;
  private readonly volumes: ReadonlyMap<string, string>;

  constructor(accounts: ReadonlyMap<string, string>, volumes: ReadonlyMap<string, string>) {
    this.accounts = accounts;
    this.volumes = volumes;
  }

  /** `user`, `generic`, `user2`; an account of the system keeps its name, any other name is nobody's business. */
  account(name: string): string {
    return this.accounts.get(name) ?? (systemAccounts.has(name) ? name : redacted);
  }

  /** `/Volumes/volume1` in the order of `diskutil list`; where the system mounts its own volumes stays as it is. */
  mountPoint(path: string): string {
    if (/^\/(?:System\/Volumes(?:\/(?:Data|Preboot|VM|Update|xarts|iSCPreboot|Hardware))?)?$/.test(path))
      return path;
    return this.volumes.get(path) ?? `/Volumes/${redacted}`;
  }
}

/** People by uid, from the same list the accounts are counted in. */
async function people(sources: Sources): Promise<readonly { name: string; uid: number }[]> {
  const argv = ['/usr/bin/dscl', '-plist', '.', '-readall', '/Users', 'RecordName', 'UniqueID'] as const;
  const read = async () => {
    const { stdoutBytes } = await sources.command([...argv, 'UserShell', 'AuthenticationAuthority']);
    const text = new TextDecoder().decode(stdoutBytes).replace(/^No such key: .*$/gm, '');
    const records = parsePropertyList(new TextEncoder().encode(text));
    return Array.isArray(records) ? records.filter(isDictionary).map(dictionaryOf) : [];
  };
  const first = (value: unknown) => (Array.isArray(value) && typeof value[0] === 'string' ? value[0] : '');
  return ((await told(read())) ?? [])
    .map((record) => ({
      name: first(record['dsAttrTypeStandard:RecordName']),
      uid: Number(first(record['dsAttrTypeStandard:UniqueID'])),
    }))
    .filter(({ name }) => name !== '' && !name.startsWith('_') && !systemAccounts.has(name))
    .toSorted((a, b) => a.uid - b.uid);
}

/** The live session has said already whether the name is a shared one; a recording keeps its own stand-ins. */
function standIn(atScreen: string, known: string | undefined): string {
  if (known === 'generic' || atScreen === 'generic') return 'generic';
  return !/^user\d*$/.test(atScreen) && isSharedName(atScreen) ? 'generic' : 'user';
}

/** Finds out, once, what must not be written down and what stands in its place. Never throws. */
export async function macNames(sources: Sources): Promise<MacNames> {
  const accounts = new Map<string, string>();
  const atScreen = (await told(consoleUser(sources)))?.name;
  if (atScreen !== undefined) accounts.set(atScreen, standIn(atScreen, sources.user?.name));
  let number = 2;
  for (const { name } of await people(sources)) {
    if (!accounts.has(name)) accounts.set(name, `user${number++}`);
  }
  const volumes = new Map<string, string>();
  for (const { mountPoint } of mountedElsewhere((await told(disks(sources))) ?? [])) {
    if (mountPoint !== undefined && !volumes.has(mountPoint))
      volumes.set(mountPoint, `/Volumes/volume${volumes.size + 1}`);
  }
  return new MacNames(accounts, volumes);
}
