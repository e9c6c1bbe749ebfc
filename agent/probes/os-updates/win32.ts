import { type Answer, known } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readServiceStart, readSettings } from '../../readings/win32/registry.ts';
import { answered, settled } from '../../readings/win32/settled.ts';
import { readUpdateAgent, type UpdateAgent } from '../../readings/win32/update-agent.ts';
import { daysSince, isNever, isoMoment } from '../../readings/win32/values.ts';

const policyKey = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';
const autoUpdateKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update';
const millisecondsPerDay = 86_400_000;
const millisecondsPerHour = 3_600_000;

/** What one place has to say on installing by itself. */
interface Say {
  readonly install?: 'off';
  readonly notifyOnly?: boolean;
  readonly managed?: boolean;
}

/** Group policy. AUOptions: 1 off, 2 and 3 tell people only, 4 installs, 5 local choice, 7 installs and asks to restart. */
async function fromPolicy(sources: Sources): Promise<Say> {
  const policy = await readSettings(sources, `${policyKey}\\AU`);
  const options = policy.dword('AUOptions', 7, 1);
  const off = policy.dword('NoAutoUpdate', 1) === 1 || options === 1;
  return {
    ...(off && { install: 'off' }),
    notifyOnly: options === 2 || options === 3,
    managed: policy.dword('UseWUServer', 1) === 1,
  };
}

/** Device management. AllowAutoUpdate: 0 tells people only, 5 off, all others install. */
async function fromManagement(sources: Sources): Promise<Say> {
  const managed = await readSettings(
    sources,
    'HKLM\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\Update',
  );
  const allow = managed.dword('AllowAutoUpdate', 5);
  return { ...(allow === 5 && { install: 'off' }), notifyOnly: allow === 0, managed: allow !== undefined };
}

/** The update agent's own level. It may not answer; then the registry has the word. */
async function fromAgent(sources: Sources): Promise<Say> {
  const { notificationLevel: level } = await readUpdateAgent(sources);
  return { ...(level === 1 && { install: 'off' }), notifyOnly: level === 2 || level === 3 };
}

const disabled = 4;

async function serviceState(sources: Sources): Promise<'on' | 'off' | 'unknown'> {
  const starts = await Promise.all(
    ['wuauserv', 'UsoSvc'].map((name) => settled(readServiceStart(sources, name))),
  );
  if (starts.includes(disabled)) return 'off';
  return starts.some((start) => start === undefined || start instanceof SourceError) ? 'unknown' : 'on';
}

/** A policy pauses quality updates for 35 days from its start. */
const policyPauseDays = 35;

/** Until when updates are on hold, by each of the places that can hold them. */
const pauses: readonly ((sources: Sources) => Promise<boolean>)[] = [
  ...['PauseUpdatesExpiryTime', 'PauseQualityUpdatesEndTime'].map((name) => async (sources: Sources) => {
    const settings = await readSettings(sources, 'HKLM\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings');
    const until = settings.string(name);
    return until !== undefined && until !== '' && isoMoment(until, name) > sources.now;
  }),
  async (sources) => {
    const name = 'PauseQualityUpdatesStartTime';
    const since = (await readSettings(sources, policyKey)).string(name);
    if (since === undefined || since === '') return false;
    return isoMoment(since, name).getTime() + policyPauseDays * millisecondsPerDay > sources.now.getTime();
  },
  async (sources) => {
    const managed = await readSettings(
      sources,
      'HKLM\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\Update',
    );
    return managed.dword('PauseQualityUpdates', 1) === 1;
  },
];

type Part = { part: 'install' | 'service'; state: 'on' | 'off' | 'unknown' };
type Automatic = { parts: Part[]; paused: 'no' | 'yes' | 'unknown'; notifyOnly: boolean; managed: boolean };

async function readAutomatic(sources: Sources): Promise<Answer<Automatic>> {
  const registry = [await settled(fromPolicy(sources)), await settled(fromManagement(sources))];
  const says = answered<Say>([...registry, await settled(fromAgent(sources))]);
  const off = says.some(({ install }) => install === 'off');
  const unread = registry.some((say) => say instanceof SourceError);
  const held = await Promise.all(pauses.map((pause) => settled(pause(sources))));
  return known(
    {
      parts: [
        { part: 'install', state: off ? 'off' : unread ? 'unknown' : 'on' },
        { part: 'service', state: await serviceState(sources) },
      ],
      paused: held.includes(true)
        ? 'yes'
        : held.some((hold) => hold instanceof SourceError)
          ? 'unknown'
          : 'no',
      notifyOnly: !off && says.some(({ notifyOnly }) => notifyOnly === true),
      managed: says.some(({ managed }) => managed === true),
    },
    says.some(({ managed }) => managed === true) ? 'policy' : undefined,
  );
}

type Pending = { waiting: number; oldestDays?: number; ageUnknown: number; restartPending: boolean };

/** When the system last looked for updates with success; null = never. The update agent knows, else the registry. */
function readLastLook(sources: Sources): Promise<Date | null> {
  return firstOf(
    async () => {
      const { lastSearch } = await readUpdateAgent(sources);
      if (lastSearch === undefined) throw new SourceError('missing', 'windows-update: no last search');
      return lastSearch;
    },
    async () => {
      const name = 'LastSuccessTime';
      const written = (await readSettings(sources, `${autoUpdateKey}\\Results\\Detect`)).string(name);
      if (written === undefined) throw new SourceError('missing', `${name}: not there`);
      const looked = isoMoment(written, name);
      return isNever(looked) ? null : looked;
    },
  );
}

/** Security updates that wait. An empty list from somebody who never looked is no answer. */
async function readWaiting(sources: Sources): Promise<NonNullable<UpdateAgent['securityPending']>> {
  const { securityPending } = await readUpdateAgent(sources);
  if (securityPending === undefined) throw new SourceError('missing', 'windows-update: no list of updates');
  if (securityPending.length === 0 && (await readLastLook(sources)) === null) {
    throw new SourceError('missing', 'windows-update: nobody ever looked');
  }
  return securityPending;
}

async function readPending(
  sources: Sources,
  { maxPendingDays }: { maxPendingDays: number },
): Promise<Answer<Pending>> {
  const restart = await settled(
    readSettings(sources, `${autoUpdateKey}\\RebootRequired`).then(({ exists }) => exists),
  );
  const found = await settled(readWaiting(sources));
  if (found instanceof SourceError) {
    // A restart that waits is a fact of its own; what else waits, nobody knows.
    if (restart === true) return known({ waiting: 0, ageUnknown: 0, restartPending: true });
    throw found;
  }
  const ages = await Promise.all(
    found.map(({ published }) =>
      settled(
        Promise.resolve(published).then((day) => {
          if (day === undefined) throw new SourceError('missing', 'windows-update: no date');
          return daysSince(day, sources.now, 'windows-update');
        }),
      ),
    ),
  );
  const days = ages.filter((age) => typeof age === 'number');
  const oldest = days.length > 0 ? Math.max(...days) : undefined;
  // Whether a restart waits is of no matter where a fix has waited too long already.
  if (restart instanceof SourceError && (oldest ?? 0) <= maxPendingDays) throw restart;
  return known({
    waiting: found.length,
    ...(oldest !== undefined && { oldestDays: oldest }),
    ageUnknown: found.length - days.length,
    restartPending: restart === true,
  });
}

async function readScanAge(sources: Sources): Promise<Answer<{ ageHours: number | null }>> {
  const looked = await readLastLook(sources);
  if (looked === null) return known({ ageHours: null });
  daysSince(looked, sources.now, 'last search');
  const hours = Math.ceil((sources.now.getTime() - looked.getTime()) / millisecondsPerHour);
  return known({ ageHours: Math.max(0, hours) });
}

/** Windows Update: its policies, its own answers, and its services. Windows 10 and 11. */
export const win32: PointProbes<'os-updates'> = {
  automatic: readAutomatic,
  pending: readPending,
  'scan-age': readScanAge,
};
