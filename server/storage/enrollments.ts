import type { EnrollRequest } from '../../shared/api.ts';
import { systemWords } from '../review/system.ts';
import { sha256 } from '../signing/compact-jws.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { type Owner, storedStates } from './devices.ts';
import { newId, newLabel, newSecret } from './ids.ts';

export interface EnrollmentStore {
  /** A code that enrolls one device until it expires. Only its digest is kept. */
  create(
    given: { organization: number; owner: Owner; expiresAt: Date },
    actor: Actor,
    at: Date,
  ): Promise<string>;
  /**
   * The organization a code is for, or undefined when it is unknown or expired. One that was used still answers: the
   * device that used it may not have got its answer.
   */
  organizationOf(code: string, at: Date): Promise<number | undefined>;
  /**
   * Makes a device, once a code. The same code with the same key again answers the same device, so that an answer lost on
   * the way does no harm. Undefined when the code is unknown, expired or used by another key.
   */
  enroll(request: EnrollRequest, at: Date): Promise<{ device: string; organization: number } | undefined>;
}

const silent = storedStates.indexOf('silent');

export function enrollmentStore(db: Database): EnrollmentStore {
  return {
    create: ({ organization, owner, expiresAt }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const code = newSecret();
        await writing
          .insertInto('enrollments')
          .values({
            digest: sha256(code),
            organization,
            owner,
            created_at: at.getTime(),
            created_by: actor,
            expires_at: expiresAt.getTime(),
            used_at: null,
            device: null,
          })
          .execute();
        const detail = { owner, expiresAt: expiresAt.toISOString() };
        await appendAudit(
          writing,
          { organization, actor, action: 'enrollment.create', subject: '', detail },
          at,
        );
        return code;
      }),
    async organizationOf(code, at) {
      const row = await db
        .selectFrom('enrollments')
        .select('organization')
        .where('digest', '=', sha256(code))
        .where('expires_at', '>', at.getTime())
        .executeTakeFirst();
      return row?.organization;
    },
    enroll: (request, at) =>
      db.transaction().execute(async (writing) => {
        const digest = sha256(request.code);
        const publicKey = Buffer.from(request.publicKey, 'base64url');
        const enrollment = await writing
          .selectFrom('enrollments')
          .select(['organization', 'owner', 'expires_at', 'device'])
          .where('digest', '=', digest)
          .executeTakeFirst();
        if (enrollment === undefined) return undefined;
        if (enrollment.device !== null) {
          const device = await writing
            .selectFrom('devices')
            .select(['id', 'public_key'])
            .where('number', '=', enrollment.device)
            .where('revoked_at', 'is', null)
            .executeTakeFirst();
          return device !== undefined && publicKey.equals(device.public_key)
            ? { device: device.id, organization: enrollment.organization }
            : undefined;
        }
        if (enrollment.expires_at <= at.getTime()) return undefined;
        const { machine } = request;
        const id = newId(at);
        const { number } = await writing
          .insertInto('devices')
          .values({
            id,
            organization: enrollment.organization,
            label: newLabel(),
            asset_tag: null,
            owner: enrollment.owner,
            public_key: publicKey,
            enrolled_at: at.getTime(),
            notice_version: request.noticeVersion,
            revoked_at: null,
            platform: machine.platform,
            os_name: machine.osName,
            os_version: machine.osVersion ?? null,
            edition: machine.edition ?? null,
            desktop: machine.desktop ?? null,
            system: systemWords(machine),
            agent: request.agent,
            sequence: 0,
            report_digest: null,
            received_at: null,
            taken_at: null,
            clock_skew: 0,
            facts_sequence: null,
            facts_digest: null,
            diverged_at: null,
            judge_at: at.getTime(),
            judged_version: 0,
            state: silent,
            failing: '',
            unknown: '',
            statuses: '',
          })
          .returning('number')
          .executeTakeFirstOrThrow();
        await writing
          .updateTable('enrollments')
          .set({ used_at: at.getTime(), device: number })
          .where('digest', '=', digest)
          .execute();
        await writing
          .insertInto('state_counts')
          .values({ organization: enrollment.organization, state: silent, devices: 1 })
          .onConflict((conflict) =>
            conflict
              .columns(['organization', 'state'])
              .doUpdateSet((row) => ({ devices: row('state_counts.devices', '+', 1) })),
          )
          .execute();
        await appendAudit(
          writing,
          {
            organization: enrollment.organization,
            actor: `device:${id}`,
            action: 'device.enroll',
            subject: id,
            detail: { notice: request.noticeVersion, owner: enrollment.owner },
          },
          at,
        );
        return { device: id, organization: enrollment.organization };
      }),
  };
}
