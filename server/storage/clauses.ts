import type { Status } from '../../shared/check.ts';
import type { Exclusion, PointEvidence } from '../review/clause-evidence.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { type StoredState, storedStates } from './devices.ts';
import { newId } from './ids.ts';

export interface ClauseStore {
  /** By `check/point`, how the laptops answer now. Those on leave are left out; what the silent said last counts as nothing. */
  points(organization: number, at: Date): Promise<ReadonlyMap<string, PointEvidence>>;
  /** By sentence, what was said not to apply at a moment. */
  exclusions(organization: number, at: Date): Promise<ReadonlyMap<string, Exclusion>>;
  /** Says that a sentence does not apply, until a day; in place of what was said of it before. */
  exclude(
    organization: number,
    clause: string,
    given: { readonly reason: string; readonly until: Date },
    actor: Actor,
    at: Date,
  ): Promise<void>;
  /** It applies again. False when it did. */
  include(organization: number, clause: string, actor: Actor, at: Date): Promise<boolean>;
}

const apart: readonly StoredState[] = ['silent', 'on-leave'];

export function clauseStore(db: Database): ClauseStore {
  return {
    async points(organization, at) {
      const [all, aside, states, waived] = await Promise.all([
        db
          .selectFrom('finding_counts')
          .select(['subject', 'status', 'devices'])
          .where('organization', '=', organization)
          .where('devices', '>', 0)
          .execute(),
        // Silent and on leave are few; what they said last is taken out of the counters again.
        db
          .selectFrom('findings')
          .innerJoin('devices', 'devices.number', 'findings.device')
          .select((select) => [
            'findings.subject',
            'findings.status',
            select.fn.countAll<number>().as('devices'),
          ])
          .where('findings.organization', '=', organization)
          .where('devices.organization', '=', organization)
          .where('devices.revoked_at', 'is', null)
          .where(
            'devices.state',
            'in',
            apart.map((state) => storedStates.indexOf(state)),
          )
          .groupBy(['findings.subject', 'findings.status'])
          .execute(),
        db
          .selectFrom('state_counts')
          .select(['state', 'devices'])
          .where('organization', '=', organization)
          .execute(),
        waivedFailures(organization, at),
      ]);
      const devicesIn = (state: StoredState) =>
        Number(states.find((row) => row.state === storedStates.indexOf(state))?.devices ?? 0);
      const silent = devicesIn('silent');
      const present =
        states.reduce((sum, row) => sum + Number(row.devices), 0) - silent - devicesIn('on-leave');
      const counts = new Map<string, Record<Status, number>>();
      const add = (subject: string, status: string, devices: number) => {
        const count = counts.get(subject) ?? { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0 };
        count[status as Status] += devices;
        counts.set(subject, count);
      };
      for (const row of all) add(row.subject, row.status, Number(row.devices));
      for (const row of aside) add(row.subject, row.status, -Number(row.devices));
      return new Map(
        [...counts]
          .filter(([subject]) => subject.includes('/'))
          .map(([subject, count]) => {
            const said = count.pass + count.fail + count['not-applicable'];
            return [
              subject,
              {
                passing: count.pass,
                failing: count.fail,
                waived: Math.min(count.fail, waived.get(subject) ?? 0),
                // Also a laptop that never said anything of it.
                unknown: Math.max(0, present - said),
                silent,
                notApplicable: count['not-applicable'],
              },
            ];
          }),
      );
    },
    async exclusions(organization, at) {
      const rows = await db
        .selectFrom('clause_exclusions')
        .leftJoin('users', (join) => join.onRef('clause_exclusions.said_by', '=', 'users.id'))
        .select(['clause', 'reason', 'until', 'said_at', 'users.name'])
        .where('organization', '=', organization)
        .where('said_at', '<=', at.getTime())
        .where('until', '>', at.getTime())
        .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>', at.getTime())]))
        .orderBy('said_at')
        .execute();
      return new Map(
        rows.map((row) => [
          row.clause,
          { reason: row.reason, by: row.name ?? 'somebody who has left', until: new Date(row.until) },
        ]),
      );
    },
    exclude: (organization, clause, { reason, until }, actor, at) =>
      db.transaction().execute(async (writing) => {
        await writing
          .updateTable('clause_exclusions')
          .set({ ended_at: at.getTime() })
          .where('organization', '=', organization)
          .where('clause', '=', clause)
          .where('ended_at', 'is', null)
          .execute();
        await writing
          .insertInto('clause_exclusions')
          .values({
            id: newId(at),
            organization,
            clause,
            reason,
            said_by: actor.replace(/^user:/, ''),
            said_at: at.getTime(),
            until: until.getTime(),
            ended_at: null,
          })
          .execute();
        await appendAudit(writing, { organization, actor, action: 'clause.exclude', subject: clause }, at);
      }),
    include: (organization, clause, actor, at) =>
      db.transaction().execute(async (writing) => {
        const row = await writing
          .updateTable('clause_exclusions')
          .set({ ended_at: at.getTime() })
          .where('organization', '=', organization)
          .where('clause', '=', clause)
          .where('ended_at', 'is', null)
          .where('until', '>', at.getTime())
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return false;
        await appendAudit(writing, { organization, actor, action: 'clause.include', subject: clause }, at);
        return true;
      }),
  };

  /** By point, how many laptops fail it under a waiver of their own that is in force. */
  async function waivedFailures(organization: number, at: Date): Promise<ReadonlyMap<string, number>> {
    const rows = await db
      .selectFrom('waivers')
      .innerJoin('devices', 'devices.number', 'waivers.device')
      .innerJoin('findings', 'findings.device', 'waivers.device')
      .select(['waivers.subject as waived', 'findings.subject', 'findings.device'])
      .where('waivers.organization', '=', organization)
      .where('waivers.status', '=', 'approved')
      .where('waivers.starts_at', '<=', at.getTime())
      .where('waivers.ends_at', '>', at.getTime())
      .where('findings.status', '=', 'fail')
      .where('devices.revoked_at', 'is', null)
      .where(
        'devices.state',
        'not in',
        apart.map((state) => storedStates.indexOf(state)),
      )
      .execute();
    const devices = new Map<string, Set<number>>();
    for (const { waived, subject, device } of rows) {
      if (waived !== subject && !subject.startsWith(`${waived}/`)) continue;
      devices.set(subject, (devices.get(subject) ?? new Set()).add(device));
    }
    return new Map([...devices].map(([subject, found]) => [subject, found.size]));
  }
}
