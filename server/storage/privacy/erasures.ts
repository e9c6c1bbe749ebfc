import { type Actor, appendAudit } from '../audit.ts';
import type { Database } from '../database.ts';
import { newId } from '../ids.ts';
import type { Schema } from '../schema.ts';
import type { Placed } from './receipts.ts';

/** Proof that something was erased, without saying whose it was. */
export interface ErasureCertificate {
  readonly id: string;
  readonly request: string | null;
  readonly at: Date;
  readonly by: Actor;
  readonly erased: Readonly<Record<string, number>>;
  readonly backupsUntil: Date;
}

/** What people stated and wrote, to be shown to them and erased for them; keeps the certificates. */
export interface ErasureStore {
  /** Answers and addresses of campaigns that belong to these devices or these people; the ids of the people asked. */
  eraseAnswers(
    organization: number,
    devices: readonly string[],
    asked: readonly string[],
  ): Promise<readonly string[]>;
  /** What these people, or whoever answered from these devices, were asked and said. */
  answersOf(
    organization: number,
    devices: readonly string[],
    asked: readonly string[],
  ): Promise<
    readonly {
      readonly statement: string;
      readonly answer: string;
      readonly reason: string;
      readonly answeredAt: string;
    }[]
  >;
  /** People of campaigns, by id. */
  askedPeople(organization: number): Promise<readonly string[]>;
  /** What people wrote on these devices: reasons for a waiver, and what they asked about their data. */
  eraseReasons(organization: number, devices: readonly string[]): Promise<number>;
  certify(organization: number, certificate: Omit<ErasureCertificate, 'id'>): Promise<ErasureCertificate>;
  certificate(organization: number, id: string): Promise<ErasureCertificate | undefined>;
  certificates(organization: number, limit: number, before?: Placed): Promise<readonly ErasureCertificate[]>;
}

/** Whose answers: of these people, or of whoever answered from these devices. */
const isOf =
  (devices: readonly string[], asked: readonly string[]) =>
  ({ id, device }: { readonly id: string; readonly device: string | null }): boolean =>
    asked.includes(id) || (device !== null && devices.includes(device));

export function erasureStore(db: Database): ErasureStore {
  return {
    async eraseAnswers(organization, devices, asked) {
      const rows = await db
        .selectFrom('attestation_people')
        .leftJoin('devices', 'devices.number', 'attestation_people.device')
        .select(['attestation_people.id', 'devices.id as device'])
        .where('attestation_people.organization', '=', organization)
        .execute();
      const found = rows.filter(isOf(devices, asked)).map(({ id }) => id);
      if (found.length > 0) {
        await db.transaction().execute(async (writing) => {
          await writing.deleteFrom('attestation_people').where('id', 'in', found).execute();
        });
      }
      return found;
    },
    async answersOf(organization, devices, asked) {
      const rows = await db
        .selectFrom('attestation_people')
        .innerJoin('attestation_campaigns', 'attestation_campaigns.id', 'attestation_people.campaign')
        .leftJoin('devices', 'devices.number', 'attestation_people.device')
        .select([
          'attestation_people.id',
          'attestation_people.answer',
          'attestation_people.reason',
          'attestation_people.answered_at',
          'attestation_campaigns.statement',
          'devices.id as device',
        ])
        .where('attestation_people.organization', '=', organization)
        .execute();
      return rows.filter(isOf(devices, asked)).map(({ statement, answer, reason, answered_at }) => ({
        statement,
        answer: answer ?? 'not answered',
        reason,
        answeredAt: answered_at === null ? '' : new Date(answered_at).toISOString(),
      }));
    },
    async askedPeople(organization) {
      const rows = await db
        .selectFrom('attestation_people')
        .select('id')
        .where('organization', '=', organization)
        .execute();
      return rows.map(({ id }) => id);
    },
    async eraseReasons(organization, devices) {
      if (devices.length === 0) return 0;
      return db.transaction().execute(async (writing) => {
        const actors = devices.map((device) => `device:${device}`);
        const { numUpdatedRows } = await writing
          .updateTable('waivers')
          .set({ reason: 'Erased on request.' })
          .where('organization', '=', organization)
          .where('requested_by', 'in', actors)
          .executeTakeFirst();
        await writing.updateTable('waiver_events').set({ note: '' }).where('actor', 'in', actors).execute();
        const asked = await writing
          .updateTable('staff_requests')
          .set({ words: 'Erased on request.', answer: '' })
          .where('organization', '=', organization)
          .where('device', 'in', (select) =>
            select
              .selectFrom('devices')
              .select('devices.number')
              .where('devices.id', 'in', [...devices]),
          )
          .executeTakeFirst();
        return Number(numUpdatedRows) + Number(asked.numUpdatedRows);
      });
    },
    async certify(organization, given) {
      const certificate = { ...given, id: newId(given.at) };
      await db.transaction().execute(async (writing) => {
        await writing
          .insertInto('erasures')
          .values({
            id: certificate.id,
            organization,
            request: given.request,
            at: given.at.getTime(),
            actor: given.by,
            erased: JSON.stringify(given.erased),
            backups_until: given.backupsUntil.getTime(),
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization,
            actor: given.by,
            action: 'privacy.erase',
            subject: certificate.id,
            detail: { ...given.erased },
          },
          given.at,
        );
      });
      return certificate;
    },
    async certificate(organization, id) {
      const row = await db
        .selectFrom('erasures')
        .selectAll()
        .where('id', '=', id)
        .where('organization', '=', organization)
        .executeTakeFirst();
      return row && certificateOf(row);
    },
    async certificates(organization, limit, before) {
      const rows = await db
        .selectFrom('erasures')
        .selectAll()
        .where('organization', '=', organization)
        .$if(before !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('at', 'id'), '<', tuple(before?.at.getTime() ?? 0, before?.id ?? '')),
          ),
        )
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(certificateOf);
    },
  };
}

const certificateOf = (row: Schema['erasures']): ErasureCertificate => ({
  id: row.id,
  request: row.request,
  at: new Date(row.at),
  by: row.actor as Actor,
  erased: JSON.parse(row.erased) as Record<string, number>,
  backupsUntil: new Date(row.backups_until),
});
