import { firstOf, type Sources, unparseable } from '../../probe.ts';
import { readSettings } from './registry.ts';
import { flag, integer, object, text } from './values.ts';
import { readRows } from './wmi.ts';

/** An account in this machine's own user database. */
export interface LocalAccount {
  /** Last part of its SID; built-in accounts are told by it, never by their (translated, renamed) names. */
  readonly rid: number;
  readonly enabled: boolean;
  readonly blankPasswordAllowed: boolean;
  /** Signs in with a Microsoft account; its password and its rules live there. */
  readonly microsoftAccount: boolean;
}

/** Built-in administrator and guest. */
export const rid = { administrator: 500, guest: 501 } as const;
/** DefaultAccount and WDAGUtilityAccount: nobody can sign in with them. */
const neverInteractive = [503, 504];

const disabledFlag = 0x2;
const blankAllowedFlag = 0x20;

async function fromNetUserEnum(sources: Sources): Promise<LocalAccount[]> {
  const what = 'NetUserEnum';
  const { users } = object(await sources.win32(what, [20]), what);
  if (!Array.isArray(users)) throw unparseable(what);
  return users.map((item) => {
    const user = object(item, what);
    const flags = integer(user['flags'], what);
    return {
      rid: integer(user['rid'], what, 1),
      enabled: (flags & disabledFlag) === 0,
      blankPasswordAllowed: (flags & blankAllowedFlag) !== 0,
      microsoftAccount: flag(user['internetIdentity'], what),
    };
  });
}

async function fromWmi(sources: Sources): Promise<LocalAccount[]> {
  const what = 'Win32_UserAccount';
  const rows = await readRows(
    sources,
    'SELECT SID, Disabled, PasswordRequired FROM Win32_UserAccount WHERE LocalAccount = TRUE',
    'root\\cimv2',
  );
  return rows.map((item) => {
    const row = object(item, what);
    const sid = /^S-1-5-21(?:-\d+)+-(\d{1,10})$/i.exec(text(row['SID'], what));
    if (sid === null) throw unparseable(what);
    return {
      rid: integer(sid[1], what, 1),
      enabled: !flag(row['Disabled'], what),
      blankPasswordAllowed: !flag(row['PasswordRequired'], what),
      microsoftAccount: false,
    };
  });
}

/** Every Windows has its built-in administrator; a list without it is cut short. */
function complete(accounts: LocalAccount[]): readonly LocalAccount[] {
  if (!accounts.some((account) => account.rid === rid.administrator)) throw unparseable('local accounts');
  return accounts;
}

/** Local accounts a person could sign in with, disabled ones included: from NetUserEnum, else from WMI. */
export async function readLocalAccounts(sources: Sources): Promise<readonly LocalAccount[]> {
  const accounts = await firstOf(
    async () => complete(await fromNetUserEnum(sources)),
    async () => complete(await fromWmi(sources)),
  );
  return accounts.filter((account) => !neverInteractive.includes(account.rid));
}

/** Joined to Entra ID, from NetGetAadJoinInformation, else from the registry. A work account that was only added is no join. */
async function isEntraJoined(sources: Sources): Promise<boolean> {
  const what = 'NetGetAadJoinInformation';
  return firstOf(
    async () => {
      const { joinType } = object(await sources.win32(what, [null]), what);
      // 0 = "unknown type of join": no answer.
      return joinType === null ? false : integer(joinType, what, 1, 2) === 1;
    },
    async () =>
      (await readSettings(sources, 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo'))
        .subkeys.length > 0,
  );
}

const domainMember = 3;

async function isDomainJoined(sources: Sources): Promise<boolean> {
  const what = 'NetGetJoinInformation';
  const { status } = object(await sources.win32(what, []), what);
  return integer(status, what, 1, 3) === domainMember;
}

/**
 * Whether this machine's own password rules hold for nobody who signs in here, and why: on a joined machine the directory
 * sets the rules for people, and so does Microsoft for its accounts. false = they do hold for somebody.
 */
export async function governsNobody(
  sources: Sources,
): Promise<'managed-elsewhere' | 'no-local-accounts' | false> {
  const joined = await Promise.allSettled([isEntraJoined(sources), isDomainJoined(sources)]);
  if (joined.some((answer) => answer.status === 'fulfilled' && answer.value)) return 'managed-elsewhere';
  for (const answer of joined) if (answer.status === 'rejected') throw answer.reason;
  const enabled = (await readLocalAccounts(sources)).filter((account) => account.enabled);
  if (enabled.some((account) => !account.microsoftAccount)) return false;
  return enabled.length > 0 ? 'managed-elsewhere' : 'no-local-accounts';
}
