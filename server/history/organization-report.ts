import type { Status } from '../../shared/check.ts';
import { type CheckId, checkIds, checks } from '../../shared/checks/index.ts';
import { verifyStored } from '../ingest/verify-evidence.ts';
import type { TrendView } from '../pages/model.ts';
import { publicKeyOf } from '../signing/keys.ts';
import type { StoredState } from '../storage/devices.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import type { WaiverRecord } from '../storage/waivers.ts';
import { checkHistories } from './check-histories.ts';
import { lookBack } from './look-back.ts';
import type { Period } from './period.ts';
import { publishedVersions } from './policy-then.ts';
import { trendOf } from './trend.ts';

const dayMs = 86_400_000;

/** Everything a report about a period says: one set of numbers for the page, the PDF, the table and the terminal. */
export interface OrganizationReport {
  readonly organization: { readonly id: string; readonly name: string; readonly sample: boolean };
  readonly period: Period;
  readonly madeAt: Date;
  readonly policy: { readonly id: string; readonly version: number };
  /** How many laptops stood where at the end of the period, and at its beginning. */
  readonly counts: Readonly<Record<StoredState, number>>;
  readonly countsBefore: Readonly<Record<StoredState, number>>;
  readonly trend: TrendView;
  readonly checks: readonly {
    readonly check: string;
    readonly title: string;
    readonly counts: Readonly<Record<Status, number>>;
    readonly broke: number;
    readonly fixed: number;
    readonly medianDays: number | null;
  }[];
  readonly broke: number;
  readonly fixed: number;
  readonly medianDays: number | null;
  /** In force at the end of the period. */
  readonly waivers: readonly WaiverRecord[];
  readonly silent: readonly {
    readonly label: string;
    readonly assetTag: string | null;
    readonly lastReportAt: Date | null;
  }[];
  readonly policies: readonly {
    readonly version: number;
    readonly effectiveFrom: Date;
    readonly reason: string;
  }[];
  /** The signed reports that the statuses at the end rest on, verified again when this was made. */
  readonly evidence: {
    readonly verified: number;
    /** Pseudonyms of laptops whose report is no longer what they signed. */
    readonly broken: readonly string[];
    /** Laptops that had not reported by then: nothing rests on them. */
    readonly none: number;
  };
}

/** Laptops whose evidence is verified in one go, before somebody else gets a turn. */
const atOnce = 50;

/** What there is to say about an organization in a period, as of its end. */
export async function organizationReport(
  stores: Stores,
  organization: Organization,
  period: Period,
  now: Date,
): Promise<OrganizationReport> {
  const { number } = organization;
  const { from, until } = period;
  const [then, countsBefore, trend, histories, versions] = await Promise.all([
    lookBack(stores, number, until),
    stores.history.stateCounts(number, new Date(from.getTime() - 1)),
    trendOf(stores, organization, (until.getTime() - from.getTime()) / dayMs, until, now),
    checkHistories(stores, number, from, until),
    publishedVersions(stores, number),
  ]);
  const silent = then.fleet.devices.filter(({ state }) => state === 'silent').map(({ device }) => device);
  const lastReports = await stores.history.lastReports(
    silent.map((device) => device.number),
    until,
  );
  return {
    organization: { id: organization.id, name: organization.name, sample: organization.sample },
    period,
    madeAt: now,
    policy: { id: then.policy.id, version: then.policy.version },
    counts: then.fleet.counts,
    countsBefore,
    trend,
    checks: countedChecks(then.policy).map((check) => {
      const history = histories.checks.find((one) => one.check === check);
      return {
        check,
        title: checks[check].title,
        counts: then.fleet.tallies.get(check) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 },
        broke: history?.broke ?? 0,
        fixed: history?.fixed ?? 0,
        medianDays: history?.medianDays ?? null,
      };
    }),
    broke: histories.broke,
    fixed: histories.fixed,
    medianDays: histories.medianDays,
    waivers: then.waivers,
    silent: silent.map(({ number: device, label, assetTag }) => ({
      label,
      assetTag,
      lastReportAt: lastReports.get(device) ?? null,
    })),
    policies: versions
      .filter(({ effectiveFrom }) => effectiveFrom >= from && effectiveFrom <= until)
      .map(({ version, effectiveFrom, reason }) => ({ version, effectiveFrom, reason })),
    evidence: await verifyEvidenceThen(
      stores,
      number,
      then.fleet.devices.map(({ device }) => device),
      until,
    ),
  };
}

/** Checks with a point that counts under a policy, in the catalogue's order. */
const countedChecks = (policy: {
  readonly checks: Readonly<Record<CheckId, Readonly<Record<string, { readonly mode: string }>>>>;
}): readonly CheckId[] =>
  checkIds.filter((id) => Object.values(policy.checks[id]).some(({ mode }) => mode === 'enforce'));

async function verifyEvidenceThen(
  stores: Pick<Stores, 'reports' | 'devices'>,
  organization: number,
  devices: readonly { readonly number: number; readonly id: string; readonly label: string }[],
  at: Date,
): Promise<OrganizationReport['evidence']> {
  const broken: string[] = [];
  let verified = 0;
  let none = 0;
  for (let first = 0; first < devices.length; first += atOnce) {
    await Promise.all(
      devices.slice(first, first + atOnce).map(async ({ number, id, label }) => {
        const last = await stores.reports.lastBefore(number, at);
        if (last === undefined) {
          none += 1;
          return;
        }
        const [stored, device] = await Promise.all([
          stores.reports.bySequence(number, last.factsSequence),
          stores.devices.byId(organization, id),
        ]);
        const whole =
          stored !== undefined &&
          device !== undefined &&
          'report' in verifyStored(stored, { id, key: publicKeyOf(device.publicKey) });
        if (whole) verified += 1;
        else broken.push(label);
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { verified, broken: broken.toSorted(), none };
}
