import { canonicalJson } from '../../shared/canonical.ts';
import type { Policy } from '../../shared/policy.ts';
import { PolicyDocument, policyDocument, policyFrom } from '../../shared/policy-document.ts';
import { type Actor, appendAudit, audited } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { newestVersion, type Publication, publishPolicy } from './policies.ts';

/** A policy that somebody is working on; it judges nothing. */
export interface PolicyDraft {
  /** Its version is the one it would be published as when it was last changed. */
  readonly policy: Policy;
  /** Names this state of the draft; every change brings another. */
  readonly edit: number;
  /** The version in force when it was begun. */
  readonly basedOn: number;
  readonly editedAt: Date;
  readonly editedBy: Actor;
}

export interface PolicyDraftStore {
  find(organization: number): Promise<PolicyDraft | undefined>;
  /**
   * Keeps a change made to the state `edit` (0: there was no draft). Answers the new state, or undefined when somebody else
   * has changed the draft since. `what` says for the audit log what was changed: a check's id, `run`, `import`.
   */
  save(
    organization: number,
    policy: Policy,
    edit: number,
    what: string,
    actor: Actor,
    at: Date,
  ): Promise<number | undefined>;
  discard(organization: number, actor: Actor, at: Date): Promise<boolean>;
  /**
   * Publishes the draft in that very state under the next version, and ends it. Answers the version, or undefined when the
   * draft has changed since. Throws PolicyScheduled.
   */
  publish(
    organization: number,
    edit: number,
    publication: Publication,
    actor: Actor,
    at: Date,
  ): Promise<number | undefined>;
}

export function policyDraftStore(db: Database): PolicyDraftStore {
  return {
    find: (organization) => findDraft(db, organization),
    save: (organization, policy, edit, what, actor, at) =>
      db.transaction().execute(async (writing) => {
        const current = await writing
          .selectFrom('policy_drafts')
          .select('edit')
          .where('organization', '=', organization)
          .executeTakeFirst();
        if ((current?.edit ?? 0) !== edit) return undefined;
        const { id, policy_version } = await writing
          .selectFrom('organizations')
          .select(['id', 'policy_version'])
          .where('number', '=', organization)
          .executeTakeFirstOrThrow();
        // A moment, so that a draft begun anew never has the number of one that was discarded.
        const next = Math.max(edit + 1, at.getTime());
        const row = {
          edit: next,
          document: canonicalJson(policyDocument(policy, at)),
          edited_at: at.getTime(),
          edited_by: actor,
        };
        if (current === undefined) {
          await writing
            .insertInto('policy_drafts')
            .values({ organization, based_on: policy_version, ...row })
            .execute();
        } else {
          await writing
            .updateTable('policy_drafts')
            .set(row)
            .where('organization', '=', organization)
            .execute();
        }
        await appendAudit(
          writing,
          { organization, actor, action: 'policy.draft', subject: id, detail: { what } },
          at,
        );
        return next;
      }),
    discard: (organization, actor, at) =>
      audited(db, at, async (writing) => {
        if (!(await removeDraft(writing, organization))) return undefined;
        const { id } = await writing
          .selectFrom('organizations')
          .select('id')
          .where('number', '=', organization)
          .executeTakeFirstOrThrow();
        return { organization, actor, action: 'policy.draft.discard', subject: id };
      }),
    publish: (organization, edit, publication, actor, at) =>
      db.transaction().execute(async (writing) => {
        const draft = await findDraft(writing, organization);
        if (draft === undefined || draft.edit !== edit) return undefined;
        const version = (await newestVersion(writing, organization)) + 1;
        await publishPolicy(writing, organization, { ...draft.policy, version }, actor, at, publication);
        await removeDraft(writing, organization);
        return version;
      }),
  };
}

async function findDraft(db: Database | Writing, organization: number): Promise<PolicyDraft | undefined> {
  const row = await db
    .selectFrom('policy_drafts')
    .select(['edit', 'based_on', 'document', 'edited_at', 'edited_by'])
    .where('organization', '=', organization)
    .executeTakeFirst();
  return (
    row && {
      policy: policyFrom(PolicyDocument.parse(JSON.parse(row.document))),
      edit: row.edit,
      basedOn: row.based_on,
      editedAt: new Date(row.edited_at),
      editedBy: row.edited_by as Actor,
    }
  );
}

async function removeDraft(writing: Writing, organization: number): Promise<boolean> {
  const { numDeletedRows } = await writing
    .deleteFrom('policy_drafts')
    .where('organization', '=', organization)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
