import { type Answer, known } from '../../../shared/answer.ts';
import { compareVersions } from '../../../shared/version.ts';
import { type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { hoursSince, latest } from '../../readings/darwin/age.ts';
import { soleMatch } from '../../readings/darwin/lines.ts';
import { decidingValue } from '../../readings/darwin/managed.ts';
import { osBuild, osVersion } from '../../readings/darwin/os-version.ts';
import {
  dateIn,
  dictionaryOf,
  isDictionary,
  listIn,
  type PropertyListDictionary,
  readPropertyList,
  switchIn,
  textIn,
} from '../../readings/darwin/property-list.ts';
import { told } from '../../readings/darwin/told.ts';

type Part = 'check' | 'download' | 'install' | 'security' | 'definitions';
type State = 'on' | 'off' | 'unknown';

/** The five switches, and what device management's declaration calls each. */
const switches: readonly { part: Part; key: string; declared?: string }[] = [
  { part: 'check', key: 'AutomaticCheckEnabled' },
  { part: 'download', key: 'AutomaticDownload', declared: 'automaticallyDownload' },
  { part: 'install', key: 'AutomaticallyInstallMacOSUpdates', declared: 'automaticallyInstallOSUpdates' },
  {
    part: 'security',
    key: 'CriticalUpdateInstall',
    declared: 'automaticallyInstallSystemAndSecurityUpdates',
  },
  { part: 'definitions', key: 'ConfigDataInstall', declared: 'automaticallyInstallSystemAndSecurityUpdates' },
];

/** What this Mac itself knows about its updates. No such file = nothing was ever set or found. Throws SourceError. */
async function softwareUpdate(sources: Sources): Promise<PropertyListDictionary> {
  return (await readPropertyList(sources, '/Library/Preferences/com.apple.SoftwareUpdate.plist')) ?? {};
}

/** Settings a declaration of device management put in force; macOS 15 and later, root. Undefined = none, or not told. */
async function declarations(sources: Sources): Promise<PropertyListDictionary | undefined> {
  const path = '/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist';
  const list = await told(readPropertyList(sources, path));
  const fields = list?.['SUCorePersistedStatePolicyFields'];
  const settings = isDictionary(fields) ? fields['SUCoreDDMDeclarationGlobalSettings'] : undefined;
  return isDictionary(settings) ? settings : undefined;
}

/** `softwareupdate --schedule`: `Automatic checking for updates is turned on`; older `Automatic check is on`. */
export function parseSchedule(stdout: string): boolean {
  const form = /^Automatic (?:checking for updates is turned|check is) (on|off)$/;
  return soleMatch(stdout, form, 'softwareupdate')[1] === 'on';
}

async function scheduled(sources: Sources): Promise<boolean> {
  return parseSchedule((await sources.command(['/usr/sbin/softwareupdate', '--schedule'])).stdout);
}

async function whenNotSet(sources: Sources, part: Part, refused: boolean): Promise<State> {
  // Apple documents no default for this one, and others disagree about it.
  if (part === 'install') return 'unknown';
  const byCommand = part === 'check' ? await told(scheduled(sources)) : undefined;
  if (byCommand !== undefined) return byCommand ? 'on' : 'off';
  return refused ? 'unknown' : 'on';
}

/** What a profile sets for a switch; `unread` = there is a profile's file, and it says nothing. */
async function profileSays(sources: Sources, key: string): Promise<boolean | undefined | 'unread'> {
  try {
    return await decidingValue(sources, 'com.apple.SoftwareUpdate', key, switchIn);
  } catch (error) {
    if (error instanceof SourceError) return 'unread';
    throw error;
  }
}

type Automatic = { parts: { part: Part; state: State }[] };

async function automatic(sources: Sources): Promise<Answer<Automatic>> {
  const declared = await declarations(sources);
  const local = await told(softwareUpdate(sources));
  let managed = false;
  const parts: Automatic['parts'] = [];
  for (const { part, key, declared: name } of switches) {
    const byDeclaration = name === undefined ? undefined : declared?.[name];
    const forced =
      byDeclaration === 1 || byDeclaration === true
        ? true
        : byDeclaration === 0 || byDeclaration === false
          ? false
          : await profileSays(sources, key);
    if (forced === 'unread') {
      parts.push({ part, state: 'unknown' });
      continue;
    }
    if (forced !== undefined) managed = true;
    const on = forced ?? (local && switchIn(local, key));
    const state = on === undefined ? await whenNotSet(sources, part, local === undefined) : on ? 'on' : 'off';
    parts.push({ part, state });
  }
  // With the file refused and nothing else said, its reason is worth more than five unknown parts.
  if (parts.every(({ state }) => state === 'unknown')) await softwareUpdate(sources);
  return known({ parts }, managed ? 'policy' : 'user');
}

/** Whether an update on offer is the one that runs already: the list is only renewed at the next look. */
function isInstalled(
  update: PropertyListDictionary,
  version: string | undefined,
  build: string | undefined,
): boolean {
  const offered = /^MSU_UPDATE_([0-9A-Za-z]+)_/.exec(textIn(update, 'Identifier') ?? '')?.[1];
  if (offered !== undefined && build !== undefined) return offered === build;
  const shown = update['Display Version'];
  const display = typeof shown === 'number' ? String(shown) : shown;
  if (version === undefined || typeof display !== 'string' || !/^\d+(\.\d+)*$/.test(display)) return false;
  return compareVersions(display, version) <= 0;
}

type Pending = { waiting: number; oldestDays?: number; ageUnknown: number };

async function pending(sources: Sources): Promise<Answer<Pending>> {
  const list = await softwareUpdate(sources);
  const recommended = listIn(list, 'RecommendedUpdates');
  if (recommended === undefined) throw new SourceError('missing', 'RecommendedUpdates', 'not-set');
  const offers = list['FirstOfferDateDictionary'];
  const version = await told(osVersion(sources));
  const build = await told(osBuild(sources));
  // A new major release on offer is no missing fix.
  const waiting = recommended
    .map(dictionaryOf)
    .filter((update) => textIn(update, 'Identifier')?.endsWith('_minor'))
    .filter((update) => !isInstalled(update, version, build));
  const hours = waiting.map((update) => {
    const since = isDictionary(offers) ? dateIn(offers, textIn(update, 'Identifier') ?? '') : undefined;
    return since && hoursSince(since, sources.now);
  });
  const ages = hours.filter((age) => age !== undefined);
  return known({
    waiting: waiting.length,
    ...(ages.length > 0 && { oldestDays: Math.ceil(Math.max(...ages) / 24) }),
    ageUnknown: hours.length - ages.length,
  });
}

export const darwin: PointProbes<'os-updates'> = {
  automatic,
  pending,
  async 'scan-age'(sources) {
    const list = await softwareUpdate(sources);
    const looked = [dateIn(list, 'LastSuccessfulDate'), dateIn(list, 'LastFullSuccessfulDate')];
    const last = latest(looked, sources.now);
    if (last === undefined) {
      throw looked.every((moment) => moment === undefined)
        ? new SourceError('missing', 'LastSuccessfulDate', 'not-set')
        : unparseable('LastSuccessfulDate');
    }
    return known({ ageHours: hoursSince(last, sources.now) ?? 0 });
  },
};
