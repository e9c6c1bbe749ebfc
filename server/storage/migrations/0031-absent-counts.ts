import { type Kysely, sql } from 'kysely';

/** What the silent and those on leave are counted for, so that how the others stand is told without looking at each. */
export async function absentCounts(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table absent_counts (
    organization integer not null, state integer not null, subject text not null, status text not null,
    devices integer not null, primary key (organization, state, subject, status)) without rowid`,
  `insert into absent_counts (organization, state, subject, status, devices)
    select findings.organization, devices.state, findings.subject, findings.status, count(*)
    from devices join findings on findings.device = devices.number
    where devices.revoked_at is null and devices.state in (2, 4)
    group by findings.organization, devices.state, findings.subject, findings.status`,
];
