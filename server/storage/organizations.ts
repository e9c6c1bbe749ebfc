import { canonicalJson } from '../../shared/canonical.ts';
import type { Policy } from '../../shared/policy.ts';
import { PolicyDocument, policyDocument, policyFrom } from '../../shared/policy-document.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database, Writing } from './database.ts';
import { newId } from './ids.ts';

export interface Organization {
  /** Internal key; scopes every query. */
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly policyVersion: number;
  readonly createdAt: Date;
}

/** A policy as it was published: what judges, and what is served. */
export interface PublishedPolicy {
  readonly policy: Policy;
  readonly document: PolicyDocument;
  /** Canonical JSON of the document: the same bytes every time it is served. */
  readonly text: string;
  readonly publishedAt: Date;
}

/** The policy that was to be published is not newer than the one in force. */
export class PolicyNotNewer extends Error {
  override readonly name = 'PolicyNotNewer';
}

export interface OrganizationStore {
  /** Creates it together with its first policy. */
  create(
    given: { name: string; contact: string; policy: Policy },
    actor: Actor,
    at: Date,
  ): Promise<Organization>;
  all(): Promise<readonly Organization[]>;
  byId(id: string): Promise<Organization | undefined>;
  byNumber(number: number): Promise<Organization | undefined>;
  /** The policy in force. */
  policy(organization: number): Promise<PublishedPolicy>;
  /** One version; throws where there is no such version. */
  policyVersion(organization: number, version: number): Promise<PublishedPolicy>;
  /** Puts a newer version in force and has every device judged again. Throws PolicyNotNewer. */
  publish(organization: number, policy: Policy, actor: Actor, at: Date): Promise<void>;
}

export function organizationStore(db: Database): OrganizationStore {
  const organizations = db
    .selectFrom('organizations')
    .select(['number', 'id', 'name', 'contact', 'policy_version', 'created_at']);
  // A published version never changes, so what was read once is right for ever.
  const published = new Map<string, PublishedPolicy>();

  const insertPolicy = (writing: Writing, organization: number, policy: Policy, actor: Actor, at: Date) =>
    writing
      .insertInto('policies')
      .values({
        organization,
        version: policy.version,
        policy_id: policy.id,
        document: canonicalJson(policyDocument(policy, at)),
        published_at: at.getTime(),
        published_by: actor,
      })
      .execute();

  async function policyVersion(organization: number, version: number): Promise<PublishedPolicy> {
    const key = `${organization}/${version}`;
    const known = published.get(key);
    if (known !== undefined) return known;
    const row = await db
      .selectFrom('policies')
      .select(['document', 'published_at'])
      .where('organization', '=', organization)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const document = PolicyDocument.parse(JSON.parse(row.document));
    const read: PublishedPolicy = {
      policy: policyFrom(document),
      document,
      text: row.document,
      publishedAt: new Date(row.published_at),
    };
    published.set(key, read);
    return read;
  }

  return {
    create: ({ name, contact, policy }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const id = newId(at);
        const row = { id, name, contact, policy_version: policy.version, created_at: at.getTime() };
        const { number } = await writing
          .insertInto('organizations')
          .values(row)
          .returning('number')
          .executeTakeFirstOrThrow();
        await insertPolicy(writing, number, policy, actor, at);
        await appendAudit(
          writing,
          {
            organization: number,
            actor,
            action: 'organization.create',
            subject: id,
            detail: { policy: policy.id, version: policy.version },
          },
          at,
        );
        return organizationOf({ number, ...row });
      }),
    async all() {
      return (await organizations.orderBy('name').orderBy('number').execute()).map(organizationOf);
    },
    async byId(id) {
      const row = await organizations.where('id', '=', id).executeTakeFirst();
      return row && organizationOf(row);
    },
    async byNumber(number) {
      const row = await organizations.where('number', '=', number).executeTakeFirst();
      return row && organizationOf(row);
    },
    async policy(organization) {
      const { policy_version } = await db
        .selectFrom('organizations')
        .select('policy_version')
        .where('number', '=', organization)
        .executeTakeFirstOrThrow();
      return policyVersion(organization, policy_version);
    },
    policyVersion,
    publish: (organization, policy, actor, at) =>
      db.transaction().execute(async (writing) => {
        const current = await writing
          .selectFrom('organizations')
          .select(['id', 'policy_version'])
          .where('number', '=', organization)
          .executeTakeFirstOrThrow();
        if (policy.version <= current.policy_version) {
          throw new PolicyNotNewer('a policy must have a higher version than the one in force');
        }
        await insertPolicy(writing, organization, policy, actor, at);
        await writing
          .updateTable('organizations')
          .set({ policy_version: policy.version })
          .where('number', '=', organization)
          .execute();
        await writing
          .updateTable('devices')
          .set({ judge_at: 0 })
          .where('organization', '=', organization)
          .execute();
        await appendAudit(
          writing,
          {
            organization,
            actor,
            action: 'policy.publish',
            subject: current.id,
            detail: { policy: policy.id, version: policy.version },
          },
          at,
        );
      }),
  };
}

function organizationOf(row: {
  number: number;
  id: string;
  name: string;
  contact: string;
  policy_version: number;
  created_at: number;
}): Organization {
  return {
    number: row.number,
    id: row.id,
    name: row.name,
    contact: row.contact,
    policyVersion: row.policy_version,
    createdAt: new Date(row.created_at),
  };
}
