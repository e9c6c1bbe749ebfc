import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered, orUndefined } from '../../readings/linux/answered.ts';
import { iniGroup } from '../../readings/linux/configuration.ts';
import { readOsRelease } from '../../readings/linux/os-release.ts';
import { readServices, type Services, suseUpdater } from '../../readings/linux/services.ts';
import { hoursSince, readLastLook, readPackageFamily } from '../../readings/linux/update-state.ts';
import { readWaiting } from '../../readings/linux/waiting-updates.ts';

type State = 'on' | 'off' | 'unknown';
type Part = 'check' | 'security' | 'install' | 'schedule' | 'service';

const asState = (on: boolean | undefined): State => (on === undefined ? 'unknown' : on ? 'on' : 'off');

/** `apt-config dump NAME`: `APT::Periodic::Unattended-Upgrade "1";` by its last part, in lower case as apt compares them. */
export function parseAptConfig(stdout: string): Map<string, string> {
  return new Map(
    [...stdout.matchAll(/^[\w:-]*?::([\w-]+) "([^"]*)";\s*$/gm)].map((match) => [
      (match[1] ?? '').toLowerCase(),
      match[2] ?? '',
    ]),
  );
}

/** A number of days, `6h` or `always`; 0, nothing or not set is off. Undefined for anything else. */
export function isPeriod(value: string | undefined): boolean | undefined {
  if (value === undefined || value === '') return false;
  if (value === 'always') return true;
  return /^\d+[smhd]?$/.test(value) ? Number.parseInt(value, 10) > 0 : undefined;
}

/**
 * Whether one of the origins is the distribution's security archive: `${distro_id}:${distro_codename}-security`,
 * `origin=Debian,codename=${distro_codename},label=Debian-Security`. Ubuntu's ESM archives are extensions, and not it.
 */
export function namesSecurityArchive(dump: string): boolean {
  return [...dump.matchAll(/^[^"\n]*"([^"]*)";\s*$/gm)].some(([, value = '']) => {
    if (/ESM/i.test(value)) return false;
    return /-security(?![\w-])/i.test(value) || /^(?:o|origin|site)=\*$/i.test(value.trim());
  });
}

/** Debian's family: two settings, two timers, the program, and the security archive among its origins. */
async function onApt(
  sources: Sources,
  services: Services | undefined,
): Promise<{ part: Part; state: State }[]> {
  const { stdout } = await answered(sources, ['apt-config', 'dump', 'APT::Periodic']);
  if (stdout.trim() !== '' && !/^APT::Periodic\b/im.test(stdout)) throw unparseable('apt-config');
  const periodic = parseAptConfig(stdout);
  const security = await orUndefined(hasSecurityOrigin(sources));
  const timers =
    services && ['apt-daily.timer', 'apt-daily-upgrade.timer'].every((name) => services.unit(name).active);
  return [
    // The main switch of the daily job; not set is on.
    ...(isPeriod(periodic.get('enable') ?? '1') === false
      ? [{ part: 'schedule' as const, state: 'off' as const }]
      : []),
    { part: 'check', state: asState(isPeriod(periodic.get('update-package-lists'))) },
    { part: 'install', state: asState(isPeriod(periodic.get('unattended-upgrade'))) },
    { part: 'security', state: asState(security) },
    { part: 'schedule', state: asState(timers) },
    { part: 'service', state: asState(services?.unit('unattended-upgrades.service').installed) },
  ];
}

/** Ubuntu lists them under one name, Debian under the other; one that names the archive is enough. */
async function hasSecurityOrigin(sources: Sources): Promise<boolean> {
  for (const name of ['Unattended-Upgrade::Allowed-Origins', 'Unattended-Upgrade::Origins-Pattern']) {
    if (namesSecurityArchive((await answered(sources, ['apt-config', 'dump', name])).stdout)) return true;
  }
  return false;
}

const configurations = ['/etc/dnf/automatic.conf', '/etc/dnf/dnf5-plugins/automatic.conf'] as const;

/** `[commands] apply_updates = yes`; the file of the timer's own generation before the other, the first that sets it. Not set = no. */
async function appliesUpdates(sources: Sources, paths: readonly string[]): Promise<boolean | undefined> {
  for (const path of paths) {
    const text = await absentAsUndefined(sources.file(path));
    const value = text === undefined ? undefined : iniGroup(text, 'commands').get('apply_updates')?.value;
    if (value === undefined) continue;
    if (/^(?:yes|true|1|on)$/i.test(value)) return true;
    return /^(?:no|false|0|off)?$/i.test(value) ? false : undefined;
  }
  return false;
}

/** Red Hat's family: dnf-automatic-install.timer installs by itself, the others only with `apply_updates = yes`. */
async function onDnf(
  sources: Sources,
  services: Services | undefined,
): Promise<{ part: Part; state: State }[]> {
  if (services === undefined) {
    return [{ part: 'schedule', state: 'unknown' }];
  }
  if (services.unit('dnf-automatic-install.timer').active) return [{ part: 'schedule', state: 'on' }];
  const dnf5 = services.unit('dnf5-automatic.timer').active;
  if (dnf5 || services.unit('dnf-automatic.timer').active) {
    const applies = await appliesUpdates(sources, dnf5 ? configurations.toReversed() : configurations);
    return [
      { part: 'schedule', state: 'on' },
      { part: 'install', state: asState(applies) },
    ];
  }
  // On the atomic editions; what its timer does says a policy that nothing documented reads.
  if (services.unit('rpm-ostreed-automatic.timer').active) {
    return [
      { part: 'schedule', state: 'on' },
      { part: 'install', state: 'unknown' },
    ];
  }
  return [{ part: 'schedule', state: 'off' }];
}

/**
 * openSUSE's os-update installs patches whatever it is set to do (os-update(8): dup, up or security), each day while its timer is
 * active. Without an answer about it there is none.
 */
async function runsSuseUpdater(sources: Sources): Promise<boolean> {
  const services = await readServices(sources, [suseUpdater]).catch((error: unknown) => {
    if (error instanceof SourceError && error.reason !== 'denied' && error.reason !== 'timeout')
      return undefined;
    throw error;
  });
  return services?.unit(suseUpdater).active ?? false;
}

/** Every look may be as old as the policy allows for the other point; the base policy's seven days decide what a cache is worth. */
const maxCacheHours = 7 * 24;

export const linux: PointProbes<'os-updates'> = {
  async automatic(sources) {
    const family = await readPackageFamily(sources);
    const services = await orUndefined(readServices(sources));
    if (family === 'apt') return known({ parts: await onApt(sources, services) });
    if (family === 'dnf') return known({ parts: await onDnf(sources, services) });
    if (family === 'zypper' && (await runsSuseUpdater(sources))) {
      return known({ parts: [{ part: 'schedule', state: 'on' }] });
    }
    // Arch ships nothing that updates by itself, and openSUSE nothing else.
    return known({ parts: [{ part: 'install', state: 'off' }] });
  },
  async pending(sources) {
    const { id } = await readOsRelease(sources);
    const waiting = await readWaiting(sources, await readPackageFamily(sources), id, maxCacheHours);
    const restart = (await orUndefined(sources.file('/run/reboot-required'))) !== undefined;
    const seen = (await sources.history?.firstSeen(waiting.ids)) ?? [];
    const ages = [...waiting.issued, ...seen].map((day) =>
      Math.max(0, Math.floor((sources.now.getTime() - day.getTime()) / 86_400_000)),
    );
    return known({
      waiting: waiting.count,
      ...(ages.length > 0 && { oldestDays: Math.max(...ages) }),
      ageUnknown: waiting.count - ages.length,
      restartPending: restart,
    });
  },
  async 'scan-age'(sources) {
    const looked = await readLastLook(sources, await readPackageFamily(sources));
    return known({ ageHours: hoursSince(looked, sources.now) });
  },
};
