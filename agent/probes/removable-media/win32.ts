import { type Answer, known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readApproval } from '../../readings/approval.ts';
import { isExposed } from '../../readings/medium.ts';
import { readMedia } from '../../readings/win32/media.ts';
import { readServiceStart, readSettings } from '../../readings/win32/registry.ts';
import { readSessions } from '../../readings/win32/sessions.ts';
import { settled } from '../../readings/win32/settled.ts';

async function readUnencrypted(
  sources: Sources,
  { max }: { max: number },
): Promise<Answer<{ now: number; days?: number }>> {
  const { media, failure } = await readMedia(sources);
  const now = media.filter(isExposed).length;
  if (failure !== undefined && now <= max) throw failure;
  const days = await sources.history?.exposedDays();
  return known(days === undefined ? { now } : { now, days });
}

const levels = ['any', 'encrypted-only', 'read-only', 'deny'] as const;
type Level = (typeof levels)[number];

const storagePolicy = 'Policies\\Microsoft\\Windows\\RemovableStorageDevices';
const removableDisks = '{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}';
const encryptionPolicy = 'Policies\\Microsoft\\FVE';
const disabled = 4;

/** What each kind of rule enforces for everyone on this machine. */
const rules: readonly ((sources: Sources) => Promise<Level>)[] = [
  async (sources) => {
    const all = await readSettings(sources, `HKLM\\SOFTWARE\\${storagePolicy}`);
    return all.dword('Deny_All', 1) === 1 ? 'deny' : 'any';
  },
  async (sources) => {
    const disks = await readSettings(sources, `HKLM\\SOFTWARE\\${storagePolicy}\\${removableDisks}`);
    if (disks.dword('Deny_Write', 1) !== 1) return 'any';
    return disks.dword('Deny_Read', 1) === 1 ? 'deny' : 'read-only';
  },
  // BitLocker reads this value under SYSTEM only; the same name under SOFTWARE has no effect.
  async (sources) => {
    const fve = await readSettings(sources, `HKLM\\SYSTEM\\CurrentControlSet\\${encryptionPolicy}`);
    return fve.dword('RDVDenyWriteAccess', 1) === 1 ? 'encrypted-only' : 'any';
  },
  // Sticks come with either of two drivers: with one of them off, the other kind still works.
  async (sources) => {
    const starts = await Promise.all(['USBSTOR', 'UASPStor'].map((name) => readServiceStart(sources, name)));
    return starts.every((start) => start === disabled) ? 'deny' : 'any';
  },
];

/** A setting of the kind is there, but where it stands it binds nobody, or one person only. */
async function hasIneffectiveSetting(sources: Sources): Promise<boolean> {
  const misplaced = await settled(readSettings(sources, `HKLM\\SOFTWARE\\${encryptionPolicy}`));
  if (!(misplaced instanceof SourceError) && misplaced.has('RDVDenyWriteAccess')) return true;
  const sessions = await settled(readSessions(sources));
  if (sessions instanceof SourceError) return false;
  for (const { sid } of sessions) {
    const own = await settled(readSettings(sources, `HKU\\${sid}\\Software\\${storagePolicy}`));
    if (!(own instanceof SourceError) && own.has('Deny_All')) return true;
  }
  return false;
}

async function readWritePolicy(
  sources: Sources,
  { allow }: { allow: Level },
): Promise<Answer<{ enforced: Level; ineffectiveSetting: boolean }>> {
  let enforced: Level = 'any';
  let failure: SourceError | undefined;
  for (const rule of rules) {
    const level = await settled(rule(sources));
    if (level instanceof SourceError) failure ??= level;
    else if (levels.indexOf(level) > levels.indexOf(enforced)) enforced = level;
  }
  // A rule that could not be read can only be stricter.
  if (failure !== undefined && levels.indexOf(enforced) < levels.indexOf(allow)) throw failure;
  const ineffectiveSetting = enforced === 'any' && (await hasIneffectiveSetting(sources));
  return known({ enforced, ineffectiveSetting }, enforced === 'any' ? 'default' : 'policy');
}

/** Every kind of drive. The default mask, 145, leaves sticks and discs on. */
const everyDriveType = 255;

async function opensFor(
  sources: Sources,
  sid: string,
  policy: number | undefined | SourceError,
): Promise<boolean> {
  const handlers = await settled(
    readSettings(
      sources,
      `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\AutoplayHandlers`,
    ).then((settings) => settings.dword('DisableAutoplay', 1)),
  );
  if (handlers === 1) return false;
  if (policy instanceof SourceError) throw policy;
  if (policy === undefined) {
    const own = await readSettings(
      sources,
      `HKU\\${sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer`,
    );
    if (own.dword('NoDriveTypeAutoRun') === everyDriveType) return false;
  }
  if (handlers instanceof SourceError) throw handlers;
  return true;
}

/** A policy for the machine decides over one for the person; the switch in Settings closes it for that person as well. */
async function readAutorun(sources: Sources): Promise<Answer<{ opens: boolean }>> {
  const policy = await settled(
    readSettings(sources, 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\Explorer').then(
      (settings) => settings.dword('NoDriveTypeAutoRun'),
    ),
  );
  if (policy === everyDriveType) return known({ opens: false }, 'policy');
  const answers = await Promise.all(
    (await readSessions(sources)).map(({ sid }) => settled(opensFor(sources, sid, policy))),
  );
  if (answers.includes(true)) return known({ opens: true });
  for (const answer of answers) if (answer instanceof SourceError) throw answer;
  return known({ opens: false }, 'user');
}

/** Sticks, cards and USB disks. Windows 10 and 11. */
export const win32: PointProbes<'removable-media'> = {
  unencrypted: readUnencrypted,
  async approved(sources, { media }) {
    return readApproval(sources, await readMedia(sources), media);
  },
  'write-policy': readWritePolicy,
  autorun: readAutorun,
};
