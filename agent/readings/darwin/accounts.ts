import { type Sources, unparseable } from '../../probe.ts';
import {
  dictionaryOf,
  listIn,
  type PropertyListDictionary,
  type PropertyListValue,
  parsePropertyList,
} from './property-list.ts';

/** An enabled account of the local list that a person can sign in with. */
export interface Account {
  /** Compared on the device, never reported. */
  readonly name: string;
  /** Its password rules live in a directory (Active Directory and the like). */
  readonly directory: boolean;
}

const what = 'dscl';
const guestUid = '201';
const noLogin = new Set(['/usr/bin/false', '/sbin/nologin']);

function textsIn(record: PropertyListDictionary, key: string): string[] {
  const values: readonly PropertyListValue[] = listIn(record, `dsAttrTypeStandard:${key}`) ?? [];
  return values.map((value) => {
    if (typeof value !== 'string') throw unparseable(what);
    return value;
  });
}

/**
 * Reads `dscl -plist . -readall /Users RecordName UniqueID UserShell AuthenticationAuthority`; lines `No such key: ...` may
 * stand among the XML. An account counts when it has an authority to sign in with, is not disabled, not the guest, not a
 * service (`_name`) and has a shell; root counts once it was enabled. macOS 12 to 27. Throws SourceError, also for a list in
 * which nobody but the guest can sign in: that is how a refused read looks.
 */
export function parseAccounts(stdout: Uint8Array): readonly Account[] {
  const text = new TextDecoder().decode(stdout).replace(/^No such key: .*$/gm, '');
  const records = parsePropertyList(new TextEncoder().encode(text));
  if (!Array.isArray(records)) throw unparseable(what);
  let authorities = 0;
  const accounts: Account[] = [];
  for (const record of records.map(dictionaryOf)) {
    const name = textsIn(record, 'RecordName')[0];
    if (name === undefined) throw unparseable(what);
    const uid = textsIn(record, 'UniqueID')[0];
    const authority = textsIn(record, 'AuthenticationAuthority');
    if (uid === guestUid || name.startsWith('_') || authority.length === 0) continue;
    authorities += 1;
    if (noLogin.has(textsIn(record, 'UserShell')[0] ?? '')) continue;
    if (authority.some((tag) => tag.includes(';DisabledUser;'))) continue;
    accounts.push({ name, directory: authority.some((tag) => tag.includes(';LocalCachedUser;')) });
  }
  if (authorities === 0) throw unparseable(what);
  return accounts;
}

/** The enabled local accounts people can sign in with. Throws SourceError. */
export async function accounts(sources: Sources): Promise<readonly Account[]> {
  const { stdoutBytes } = await sources.command([
    '/usr/bin/dscl',
    '-plist',
    '.',
    '-readall',
    '/Users',
    'RecordName',
    'UniqueID',
    'UserShell',
    'AuthenticationAuthority',
  ]);
  return parseAccounts(stdoutBytes);
}
