import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, type Sources } from '../../probe.ts';
import { answered, orUndefined } from '../../readings/linux/answered.ts';
import { parseIni } from '../../readings/linux/configuration.ts';
import { readServices, type Services } from '../../readings/linux/services.ts';
import {
  hoursSince,
  readLastLook,
  readPackageFamily,
  readWaiting,
} from '../../readings/linux/update-state.ts';

type State = 'on' | 'off' | 'unknown';
type Part = 'check' | 'security' | 'install' | 'schedule' | 'service';

const asState = (on: boolean | undefined): State => (on === undefined ? 'unknown' : on ? 'on' : 'off');

/** `apt-config dump NAME`: `APT::Periodic::Unattended-Upgrade "1";` by its last part; lists have an empty name. */
export function parseAptConfig(stdout: string): Map<string, string> {
  return new Map(
    [...stdout.matchAll(/^[\w:-]*?::([\w-]+) "([^"]*)";$/gm)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
}

/** A number of days, `6h` or `always`; 0, nothing or not set is off. */
export function isPeriod(value: string | undefined): boolean {
  return value === 'always' || (/^\d+[smhd]?$/.test(value ?? '') && Number.parseInt(value ?? '', 10) > 0);
}

/** Debian's family: two settings, two timers, the program, and the security archive among its origins. */
async function onApt(
  sources: Sources,
  services: Services | undefined,
): Promise<{ part: Part; state: State }[]> {
  const periodic = parseAptConfig((await answered(sources, ['apt-config', 'dump', 'APT::Periodic'])).stdout);
  const origins = await orUndefined(aptOrigins(sources));
  const timers =
    services && ['apt-daily.timer', 'apt-daily-upgrade.timer'].every((name) => services.unit(name).active);
  return [
    { part: 'check', state: asState(isPeriod(periodic.get('Update-Package-Lists'))) },
    { part: 'install', state: asState(isPeriod(periodic.get('Unattended-Upgrade'))) },
    {
      part: 'security',
      state: asState(origins === undefined ? undefined : /-security|Debian-Security/i.test(origins)),
    },
    { part: 'schedule', state: asState(timers) },
    { part: 'service', state: asState(services?.unit('unattended-upgrades.service').installed) },
  ];
}

async function aptOrigins(sources: Sources): Promise<string> {
  const names = ['Unattended-Upgrade::Allowed-Origins', 'Unattended-Upgrade::Origins-Pattern'];
  const answers = await Promise.all(names.map((name) => answered(sources, ['apt-config', 'dump', name])));
  return answers.map(({ stdout }) => stdout).join('\n');
}

/** Red Hat's family: dnf-automatic-install.timer installs by itself, the others only with `apply_updates = yes`; Atomic by rpm-ostree. */
async function onDnf(
  sources: Sources,
  services: Services | undefined,
): Promise<{ part: Part; state: State }[]> {
  if (services === undefined) {
    return [{ part: 'schedule', state: 'unknown' }];
  }
  if (services.unit('dnf-automatic-install.timer').active) return [{ part: 'schedule', state: 'on' }];
  if (services.unit('rpm-ostreed-automatic.timer').active) return [{ part: 'schedule', state: 'on' }];
  const timer = services.unit('dnf-automatic.timer').active || services.unit('dnf5-automatic.timer').active;
  if (!timer) return [{ part: 'schedule', state: 'off' }];
  const texts = await Promise.all(
    ['/etc/dnf/automatic.conf', '/etc/dnf/dnf5-plugins/automatic.conf'].map((path) =>
      absentAsUndefined(sources.file(path)),
    ),
  );
  const applies = texts.some((text) =>
    /^(?:yes|true|1|on)$/i.test(
      parseIni(text ?? '')
        .get('commands')
        ?.get('apply_updates')?.value ?? '',
    ),
  );
  return [
    { part: 'schedule', state: 'on' },
    { part: 'install', state: asState(applies) },
  ];
}

/** Every look may be as old as the policy allows for the other point; the base policy's seven days decide what a cache is worth. */
const maxCacheHours = 7 * 24;

export const linux: PointProbes<'os-updates'> = {
  async automatic(sources) {
    const family = await readPackageFamily(sources);
    const services = await orUndefined(readServices(sources));
    if (family === 'apt') return known({ parts: await onApt(sources, services) });
    if (family === 'dnf') return known({ parts: await onDnf(sources, services) });
    // openSUSE and Arch ship nothing that updates by itself.
    return known({ parts: [{ part: 'install', state: 'off' }] });
  },
  async pending(sources) {
    const waiting = await readWaiting(sources, await readPackageFamily(sources), maxCacheHours);
    const restart = (await orUndefined(sources.file('/run/reboot-required'))) !== undefined;
    const seen = (await sources.history?.firstSeen(waiting.ids)) ?? [];
    const ages = seen.map((day) =>
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
