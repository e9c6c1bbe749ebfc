import { z } from 'zod';
import { cannotTell, defineCheck, definePoint, fail, noParams, pass } from '../check.ts';
import { type OsLifecycle, shippedData } from '../data/index.ts';
import { Day, Tri } from '../value.ts';

/** The OS gets security fixes today, or it does not: the day after `ends` is the first without. */
export const osSupport = defineCheck({
  id: 'os-support',
  title: 'Supported system',
  rationale: 'A system without fixes only gets easier to break into.',
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
      judge({ product, release, edition, extended, supportEnd }, _params, { now, data = shippedData }) {
        const today = now.toISOString().slice(0, 10);
        const table = data.osLifecycles;
        const entries = table.entries.filter((entry) => entry.product === product);
        const rolling = entries.find((entry) => entry.release === '*');
        if (rolling) return byDate(rolling, extended, today);
        const same = entries.filter((entry) => entry.release === release);
        const candidates = same.filter(
          (entry) =>
            entry.edition === undefined ||
            edition === undefined ||
            edition === 'unknown' ||
            entry.edition === edition,
        );
        if (candidates.length > 0) {
          // Several editions are left only when the edition is not known: all must agree.
          const verdicts = candidates.map((entry) => byDate(entry, extended, today));
          const [first] = verdicts;
          if (first && verdicts.every(({ status }) => status === first.status)) return first;
          return cannotTell('missing', 'depends on the edition, which could not be read');
        }
        if (same.length === 0 && supportEnd !== undefined)
          return supportEnd >= today
            ? pass(`gets fixes until ${supportEnd}`)
            : fail(`no fixes since ${supportEnd}`);
        if (product === 'macos' && release !== undefined) {
          const known = entries.map((entry) => Number(entry.release));
          // Apple fixes the newest three: older than the oldest of them has ended, newer than the table is not known.
          if (known.length > 0 && Number(release) < Math.min(...known))
            return fail('this version of macOS gets no fixes any more');
        }
        return cannotTell('missing', `not in the list of supported systems of ${table.date}`);
      },
      remedies: {
        darwin: {
          text: 'System Settings > General > Software Update: upgrade macOS. If none is offered, this Mac is too old: ask your IT contractor.',
          link: 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension',
        },
        win32: {
          text: 'Settings > Windows Update: install the newest version of Windows. If none is offered, ask your IT contractor.',
          link: 'ms-settings:windowsupdate',
        },
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

function byDate(entry: OsLifecycle, extended: 'yes' | 'no' | 'unknown' | undefined, today: string) {
  if (entry.ends === null) return pass('gets fixes');
  if (entry.ends >= today) return pass(`gets fixes until ${entry.ends}`);
  if (entry.extendedEnds !== undefined && entry.extendedEnds >= today) {
    if (extended === 'yes') return pass(`gets extended fixes until ${entry.extendedEnds}`);
    if (extended === 'unknown')
      return cannotTell(
        'missing',
        `no fixes since ${entry.ends}, unless an extension is in force, which could not be read`,
      );
  }
  return fail(`no fixes since ${entry.ends}`);
}
