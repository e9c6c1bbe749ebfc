import { sql } from 'kysely';
import type { Platform } from '../../shared/answer.ts';
import type { Status } from '../../shared/check.ts';
import { covers, excuses, type WaiverScope } from '../../shared/waiver.ts';
import type { PointEvidence } from '../review/clause-evidence.ts';
import { type Database, rowsOf, withSnapshot } from './database.ts';
import { absentStates, type StoredState, storedStates } from './stored-states.ts';
import type { WaiverRecord } from './waivers.ts';

/** How the laptops of an organization answer its points now. */
export interface PointCountStore {
  /**
   * By point (`firewall/enabled`); the same numbers as `pointEvidence` comes to by going through all laptops, out of the maintained
   * counters. Given are the waivers in force.
   */
  read(
    organization: number,
    points: readonly string[],
    waivers: readonly WaiverRecord[],
  ): Promise<ReadonlyMap<string, PointEvidence>>;
}

type Counts = Readonly<Record<Status, number>>;

export function pointCountStore(db: Database): PointCountStore {
  return {
    read: (organization, points, waivers) =>
      // The counters and what is asked beside them are of one moment.
      withSnapshot(db, async (snapshot) => {
        const { states, answers } = await presentCounts(snapshot, organization);
        const count = (state: StoredState) => states.get(storedStates.indexOf(state)) ?? 0;
        const silent = count('silent');
        const present = count('failing') + count('unknown') + count('compliant');
        const waived = await waivedCounts(snapshot, organization, points, waivers, answers);
        return new Map(
          points.map((point): [string, PointEvidence] => {
            const { pass, fail, 'not-applicable': notApplicable } = answers.get(point) ?? nobody;
            return [
              point,
              {
                passing: pass,
                failing: fail,
                waived: waived.get(point) ?? 0,
                // Also whoever never said anything of it.
                unknown: present - pass - fail - notApplicable,
                silent,
                notApplicable,
              },
            ];
          }),
        );
      }),
  };
}

const nobody: Counts = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };

/** How many devices stand where, and how those that are neither silent nor on leave answer each subject. */
async function presentCounts(db: Database, organization: number) {
  const [stateRows, found, absent] = await Promise.all([
    db
      .selectFrom('state_counts')
      .select(['state', 'devices'])
      .where('organization', '=', organization)
      .execute(),
    db
      .selectFrom('finding_counts')
      .select(['subject', 'status', 'devices'])
      .where('organization', '=', organization)
      .execute(),
    db
      .selectFrom('absent_counts')
      .select(['subject', 'status', 'devices'])
      .where('organization', '=', organization)
      .execute(),
  ]);
  const answers = new Map<string, Record<Status, number>>();
  const add = (subject: string, status: string, devices: number) => {
    const counts = answers.get(subject) ?? { ...nobody };
    answers.set(subject, counts);
    counts[status as Status] += devices;
  };
  for (const { subject, status, devices } of found) add(subject, status, devices);
  for (const { subject, status, devices } of absent) add(subject, status, -devices);
  return {
    states: new Map(stateRows.map(({ state, devices }) => [state, devices])),
    answers,
  };
}

/** Of the devices that fail a point, how many some waiver excuses; each once, however many do. */
async function waivedCounts(
  db: Database,
  organization: number,
  points: readonly string[],
  waivers: readonly WaiverRecord[],
  answers: ReadonlyMap<string, Counts>,
): Promise<ReadonlyMap<string, number>> {
  const scopes = new Map<string, WaiverScope[]>();
  for (const subject of points) {
    const [check = '', point = ''] = subject.split('/');
    const those = waivers.filter((waiver) => excuses(waiver, check, point));
    if (those.length > 0 && (answers.get(subject)?.fail ?? 0) > 0) {
      scopes.set(
        subject,
        those.map(({ scope }) => scope),
      );
    }
  }
  const alone = await waivedAlone(db, scopes);
  const waived = new Map<string, number>();
  for (const [subject, of] of scopes) {
    if (of.some(({ kind }) => kind === 'organization')) {
      waived.set(subject, answers.get(subject)?.fail ?? 0);
      continue;
    }
    const groups = of.filter(({ kind }) => kind !== 'device');
    const others = (alone.get(subject) ?? []).filter(
      (device) => !groups.some((scope) => covers(scope, device)),
    );
    waived.set(subject, others.length + (await waivedInGroups(db, organization, subject, groups)));
  }
  return waived;
}

interface WaivedAlone {
  readonly id: string;
  readonly platform: Platform;
  readonly owner: string;
}

/** By subject, the devices that fail it and have a waiver of their own for it. */
async function waivedAlone(
  db: Database,
  scopes: ReadonlyMap<string, readonly WaiverScope[]>,
): Promise<ReadonlyMap<string, readonly WaivedAlone[]>> {
  const rows = [...scopes].flatMap(([subject, of]) =>
    [...new Set(of.flatMap((scope) => (scope.kind === 'device' ? [scope.device] : [])))].map((device) => ({
      subject,
      device,
    })),
  );
  if (rows.length === 0) return new Map();
  const given = rowsOf(db, { subject: 'text', device: 'text' }, rows, 'given');
  const found = await sql<WaivedAlone & { readonly subject: string }>`
    select given.subject, devices.id, devices.platform, devices.owner
    from ${given}
    join devices on devices.id = given.device
    join findings on findings.device = devices.number and findings.subject = given.subject
    where findings.status = 'fail' and devices.state not in (${sql.join(absentStates)})`.execute(db);
  return Map.groupBy(found.rows, ({ subject }) => subject);
}

/** How many devices of some groups fail a subject. */
async function waivedInGroups(
  db: Database,
  organization: number,
  subject: string,
  groups: readonly WaiverScope[],
): Promise<number> {
  if (groups.length === 0) return 0;
  const platforms = groups.flatMap((scope) => (scope.kind === 'platform' ? [scope.platform] : []));
  const owners = groups.flatMap((scope) => (scope.kind === 'owner' ? [scope.owner] : []));
  const { total } = await db
    .selectFrom('findings')
    .innerJoin('devices', 'devices.number', 'findings.device')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('findings.organization', '=', organization)
    .where('findings.subject', '=', subject)
    .where('findings.status', '=', 'fail')
    .where('devices.state', 'not in', absentStates)
    .where((where) =>
      where.or([
        ...(platforms.length > 0 ? [where('devices.platform', 'in', platforms)] : []),
        ...(owners.length > 0 ? [where('devices.owner', 'in', owners)] : []),
      ]),
    )
    .executeTakeFirstOrThrow();
  return Number(total);
}
