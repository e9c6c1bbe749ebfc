import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass, type Verdict } from '../check.ts';
import { type OsLifecycle, shippedData } from '../data/index.ts';
import { isWindows10, onMac } from '../settings.ts';
import { Day, Tri } from '../value.ts';

/** The OS gets security fixes today, or it does not: the day after `ends` is the first without. */
export const osSupport = defineCheck({
  id: 'os-support',
  title: 'Supported system',
  rationale: 'A system without fixes only gets easier to break into.',
  blindSpots: 'Firmware, drivers, and paid extensions that leave no trace on the machine.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A6.1' },
    { standard: 'iso-27001-2022', id: 'A.8.8' },
    { standard: 'iso-27001-2022', id: 'A.8.19' },
    { standard: 'cis-controls-8.1', id: '2.2' },
    { standard: 'nist-800-171-3', id: '03.16.02' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-02' },
  ],
  points: {
    supported: definePoint({
      title: 'Gets security fixes',
      mode: 'enforce',
      severity: 'critical',
      numberFrom: 'ce',
      /** What was read, not what follows from it: a newer table judges the same facts again. */
      value: z.strictObject({
        /** `macos`, `windows`, or os-release's ID. Derivatives only under their own. */
        product: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,31}$/),
        /** Major version (macOS `27`), build (Windows `26200`), VERSION_ID (`24.04`); left out where a rolling distribution has none. */
        release: z
          .string()
          .regex(/^[0-9][0-9A-Za-z._-]{0,31}$/)
          .optional(),
        /** Windows. consumer = Home, Pro and their kin; enterprise = Enterprise, Education. */
        edition: z.enum(['consumer', 'enterprise', 'ltsc', 'iot-ltsc', 'unknown']).optional(),
        /** Paid or enrolled extension (ESU, ESM, ELTS) is in force; left out where there is none. */
        extended: Tri.optional(),
        /** SUPPORT_END of os-release; only used where the table does not know the release. */
        supportEnd: Day.optional(),
      }),
      params: noParams,
      expected: () => 'the system gets security fixes today',
      judge({ product, release = '', edition, extended, supportEnd }, _params, { now, data = shippedData }) {
        const { date, entries } = data.osLifecycles;
        const today = now.toISOString().slice(0, 10);
        const releases = entries.filter((entry) => entry.product === product);
        const rolling = releases.find((entry) => entry.release === '*');
        if (rolling) return pass('a rolling distribution, which always gets fixes');
        const same = releases.filter((entry) => covers(entry.release, release));
        if (same.length === 0) {
          if (supportEnd !== undefined)
            return supportEnd >= today
              ? pass(`gets fixes until ${supportEnd}`)
              : fail(`no fixes since ${supportEnd}`);
          if (isOlderThanAll(product, release, releases)) return fail('too old: gets no fixes any more');
          return cannotTell('missing', `not in the list of supported systems of ${date}`);
        }
        const exact = same.filter((entry) => entry.edition === undefined || entry.edition === edition);
        const open = edition === undefined || edition === 'unknown';
        const candidates = open ? same : exact;
        const verdicts = candidates.map((entry) => byDate(entry, { extended, today, now, date }));
        const [first] = verdicts;
        if (first === undefined)
          return cannotTell('missing', `this edition is not in the list of supported systems of ${date}`);
        // More than one is left only where the edition is not known: then all must agree.
        return verdicts.every(({ status }) => status === first.status)
          ? first
          : cannotTell('missing', 'depends on the edition, which could not be read');
      },
      remedies: {
        darwin: onMac(
          {
            text: 'System Settings > General > Software Update: upgrade macOS. If none is offered, this Mac is too old: ask your IT contractor.',
            link: 'com.apple.Software-Update-Settings.extension',
          },
          'System Preferences > Software Update: upgrade macOS. If none is offered, this Mac is too old: ask your IT contractor.',
        ),
        win32: (machine) => ({
          text: isWindows10(machine)
            ? 'Settings > Update & Security > Windows Update: upgrade to Windows 11. If it is not offered, ask your IT contractor: this laptop may be too old for it.'
            : 'Settings > Windows Update: install the newest version of Windows. If none is offered, ask your IT contractor.',
          link: 'ms-settings:windowsupdate',
        }),
        linux: (machine) => {
          if (machine.osName === 'ubuntu')
            return {
              text: 'Upgrade to the next release; back up first:',
              command: 'sudo do-release-upgrade',
            };
          if (machine.osName === 'fedora')
            return {
              text: 'Upgrade to the next release; back up first. Ask your IT contractor which:',
              command:
                'sudo dnf system-upgrade download --releasever=RELEASE && sudo dnf system-upgrade reboot',
            };
          return {
            text: 'Upgrade to a release your distribution still supports; back up first, and ask your IT contractor.',
          };
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});

/** `9.*` covers 9 and 9.4; everything else only itself. */
function covers(listed: string, release: string): boolean {
  if (!listed.endsWith('.*')) return listed === release;
  const stem = listed.slice(0, -2);
  return release === stem || release.startsWith(`${stem}.`);
}

/** macOS and Windows count upwards: what is older than everything in the table has ended. */
function isOlderThanAll(product: string, release: string, listed: readonly OsLifecycle[]): boolean {
  if (product !== 'macos' && product !== 'windows') return false;
  return (
    listed.length > 0 &&
    Number(release) > 0 &&
    listed.every((entry) => Number(release) < Number(entry.release))
  );
}

function byDate(
  { ends, extendedEnds, release }: OsLifecycle,
  at: { extended: 'yes' | 'no' | 'unknown' | undefined; today: string; now: Date; date: string },
): Verdict {
  if (ends === null) {
    // A system without an announced end is dropped when newer ones appear, which an old table cannot know.
    const ageDays = (at.now.getTime() - Date.parse(at.date)) / 86_400_000;
    if (release !== '' && ageDays > 365)
      return cannotTell('stale', `the list of supported systems is from ${at.date}`);
    return pass('gets fixes');
  }
  if (ends >= at.today) return pass(`gets fixes until ${ends}`);
  if (extendedEnds !== undefined && extendedEnds >= at.today) {
    if (at.extended === 'yes') return pass(`gets extended fixes until ${extendedEnds}`);
    if (at.extended === 'unknown')
      return cannotTell(
        'missing',
        `no fixes since ${ends}, unless an extension is in force, which could not be read`,
      );
  }
  return fail(`no fixes since ${ends}`);
}
