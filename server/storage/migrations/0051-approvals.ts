import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '../../../shared/canonical.ts';
import { approvalOf } from '../../review/device-approval.ts';

interface Approved {
  readonly organization: number;
  readonly title: string;
  readonly state: string;
  readonly document: string;
  readonly approved_at: number;
}

/** What the register of approvals says of a laptop, and the agreement with the contractor whose it is, stand with the laptop. */
export async function approvals(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
  const { rows } = await sql<Approved>`
    select records.organization, records.title, records.state, records.document, max(events.at) as approved_at
    from register_records records join register_events events on events.record = records.id
    where records.register = 'mobile-approvals' and events.action = 'approve'
    group by records.id, records.organization, records.title, records.state, records.document`.execute(db);
  for (const those of Map.groupBy(rows, ({ organization, title }) => `${organization} ${title}`).values()) {
    const approval = approvalOf(
      those.map(({ state, document, approved_at }) => ({
        state,
        approvedAt: new Date(approved_at),
        values: JSON.parse(document) as Record<string, unknown>,
      })),
    );
    const [{ organization, title } = { organization: 0, title: '' }] = those;
    if (approval === null) continue;
    await sql`update devices set approval = ${canonicalJson(approval)}, judge_at = 0
      where organization = ${organization} and label = ${title}`.execute(db);
  }
}

const statements = [
  "alter table devices add column agreement text not null default ''",
  'alter table devices add column approval text',
  'create index register_records_by_title on register_records (organization, register, title)',
];
