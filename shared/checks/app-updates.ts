import { z } from 'zod';
import type { Platform } from '../answer.ts';
import { cannotTell, defineCheck, definePoint, doesNotApply, fail, pass, type Verdict } from '../check.ts';
import { type AppVersion, shippedData } from '../data/index.ts';
import { appIds, watchedIds } from '../data/product-ids.ts';
import { appNames, watchedNames } from '../data/product-names.ts';
import { parameter } from '../parameter.ts';
import { isWindows10 } from '../settings.ts';
import { Days, Version } from '../value.ts';
import { compareVersions } from '../version.ts';
import { count, list } from '../words.ts';

const Found = z.strictObject({
  app: z.enum(appIds),
  /** As installed; left out where it could not be read. */
  version: Version.optional(),
  /** What the machine's own package manager says about it; left out where none looks after it. */
  offer: z.enum(['none', 'waiting']).optional(),
  /** How long that update has been on offer, where known. Goes with `waiting`. */
  offeredDays: Days.optional(),
});

/** The releases of the track an installed version belongs to, newest first; undefined where the table has none. */
function trackOf(table: readonly AppVersion[], app: string, version: string, platform: Platform) {
  const entries = table.filter(
    (entry) => entry.app === app && (entry.platform === undefined || entry.platform === platform),
  );
  return (
    entries.find(
      ({ track }) => track !== undefined && (version === track || version.startsWith(`${track}.`)),
    ) ?? entries.find(({ track }) => track === undefined)
  );
}

const daysBetween = (from: string, to: Date) =>
  Math.floor((to.getTime() - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** Do browsers, mail and office programs get their fixes? */
export const appUpdates = defineCheck({
  id: 'app-updates',
  title: 'Program updates',
  rationale: 'Browsers, mail and office programs open what strangers send.',
  blindSpots:
    'Programs that are not on the watch list, copies that were never installed, and extensions of browsers.',
  references: [
    { standard: 'cyber-essentials-3.3', id: 'A6.5' },
    { standard: 'cyber-essentials-3.3', id: 'A6.5.1' },
    { standard: 'cyber-essentials-3.3', id: 'A6.2' },
    { standard: 'cyber-essentials-3.3', id: 'A6.6' },
    { standard: 'iso-27001-2022', id: 'A.8.8' },
    { standard: 'iso-27001-2022', id: 'A.8.19' },
    { standard: 'cis-controls-8.1', id: '7.4' },
    { standard: 'cis-controls-8.1', id: '2.2' },
    { standard: 'nist-800-171-3', id: '03.14.01' },
    { standard: 'nist-csf-2.0', id: 'PR.PS-02' },
    { standard: 'cyber-essentials-3.3', id: 'A6.3' },
    { standard: 'cis-controls-8.1', id: '2.3' },
    { standard: 'nist-800-171-3', id: '03.16.02' },
    { standard: 'nist-csf-2.0', id: 'ID.AM-08' },
  ],
  points: {
    pending: definePoint({
      title: 'No fix left waiting',
      mode: 'warn',
      severity: 'high',
      numberFrom: 'ce',
      /** Programs of the fixed list that are installed; nothing else is reported. */
      value: z.strictObject({ apps: z.array(Found).max(appIds.length) }),
      params: z.strictObject({
        maxPendingDays: parameter(z.int().min(0).max(365).default(14), {
          title: 'A security update may wait for',
          unit: 'day',
          stricter: 'lower',
        }),
      }),
      expected: ({ maxPendingDays }) =>
        `browsers, mail and office programs wait for no security update longer than ${count(maxPendingDays, 'day')}`,
      judge({ apps: installed }, { maxPendingDays }, { now, machine, data = shippedData }): Verdict {
        // Safari has no updates of its own: they come with those of macOS, which os-updates judges.
        const apps = installed.filter(({ app }) => app !== 'safari');
        if (installed.length > 0 && apps.length === 0)
          return doesNotApply('none-present', 'only Safari, which is updated with macOS');
        if (apps.length === 0)
          return doesNotApply('none-present', 'none of the programs we look at is installed');
        const { date, entries } = data.appVersions;
        // A table of last month knows nothing of fixes since: it can still prove somebody late, but nobody current.
        const tableIsFresh = daysBetween(date, now) <= maxPendingDays;
        const late: string[] = [];
        const dark: string[] = [];
        for (const { app, version, offer, offeredDays } of apps) {
          const name = appNames[app];
          if (offer === 'none') continue;
          if (offer === 'waiting') {
            if (offeredDays === undefined) dark.push(name);
            else if (offeredDays > maxPendingDays) late.push(name);
            continue;
          }
          const track = version === undefined ? undefined : trackOf(entries, app, version, machine.platform);
          if (version === undefined || track === undefined) {
            dark.push(name);
            continue;
          }
          const missed = track.releases.filter((release) => compareVersions(release.version, version) > 0);
          if (missed.some((release) => daysBetween(release.date, now) > maxPendingDays)) late.push(name);
          else if (!tableIsFresh || !track.complete) dark.push(name);
        }
        if (late.length > 0) return fail(`out of date: ${list(late)}`);
        if (dark.length > 0)
          return cannotTell('missing', `whether a fix is missing could not be told: ${list(dark)}`);
        return pass(`up to date: ${list(apps.map(({ app }) => appNames[app]))}`);
      },
      remedies: {
        darwin: {
          text: 'Browsers: open the menu "About" of each and let it update, then restart it. Microsoft Office: Help > Check for Updates. App Store programs: App Store > Updates.',
          link: 'macappstore://showUpdatesPage',
        },
        win32: {
          text: 'Browsers: open the menu "About" of each and let it update, then restart it. Microsoft Office: File > Account > Update Options > Update Now. Store programs: Microsoft Store > Library > Get updates.',
          link: 'ms-windows-store://downloadsandupdates',
        },
        linux: {
          text: 'Install the updates of your distribution, and of Flatpak and Snap where you use them:',
          command: 'flatpak update; sudo snap refresh',
        },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
    unsupported: definePoint({
      title: 'No abandoned programs',
      mode: 'warn',
      severity: 'high',
      numberFrom: 'ce',
      value: z.strictObject({
        /** Programs of the watch list that are installed, with the release the list knows (`2016`, `3.8`). */
        products: z
          .array(
            z.strictObject({
              product: z.enum(watchedIds),
              release: z.string().regex(/^[0-9]{1,6}(\.[0-9]{1,6}){0,2}$/),
            }),
          )
          .max(100),
        /** A place where programs are listed could not be read. */
        incomplete: z.boolean().default(false),
      }),
      params: z.strictObject({
        max: parameter(z.int().min(0).max(100).default(0), {
          title: 'Programs without support allowed',
          stricter: 'lower',
        }),
      }),
      expected: ({ max }) =>
        max === 0 ? 'no program that gets no fixes any more' : `at most ${max} that get no fixes any more`,
      judge({ products, incomplete }, { max }, { now, data = shippedData }) {
        const today = now.toISOString().slice(0, 10);
        const ended: string[] = [];
        const dark: string[] = [];
        for (const { product, release } of products) {
          const entries = data.watchList.entries.filter((entry) => entry.product === product);
          const entry =
            entries.find((candidate) => candidate.release === release) ??
            entries.find((candidate) => candidate.release === '*');
          const name = `${watchedNames[product]} ${release}`;
          if (entry === undefined) dark.push(name);
          else if (entry.ends !== null && entry.ends < today) ended.push(name);
        }
        if (ended.length > max) return fail(`without fixes: ${list([...new Set(ended)])}`);
        if (ended.length + dark.length > max)
          return cannotTell('missing', `not in our list: ${list([...new Set(dark)])}`);
        if (incomplete)
          return cannotTell('missing', 'not every place where programs are listed could be read');
        return pass(ended.length === 0 ? 'none found' : `without fixes: ${list([...new Set(ended)])}`);
      },
      remedies: {
        darwin: { text: 'Remove the program named here, or install a release its maker still looks after.' },
        win32: (machine) => ({
          text: `Settings > Apps > ${isWindows10(machine) ? 'Apps & features' : 'Installed apps'}: remove the program named here, or install a release its maker still looks after.`,
          link: 'ms-settings:appsfeatures',
        }),
        linux: { text: 'Remove the program named here, or install a release its maker still looks after.' },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
