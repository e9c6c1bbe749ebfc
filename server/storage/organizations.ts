import type { Policy } from '../../shared/policy.ts';
import { PolicyDocument, policyFrom } from '../../shared/policy-document.ts';
import { type Actor, appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { newId } from './ids.ts';
import { insertPolicy, type Publication, publishPolicy } from './policies.ts';
import { grantRole } from './roles.ts';
import type { User } from './users.ts';

export interface Organization {
  /** Internal key; scopes every query. */
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  readonly policyVersion: number;
  readonly createdAt: Date;
  /** Everything in it was made up for a demonstration; every page says so. */
  readonly sample: boolean;
}

/** A policy as it was published: what judges, and what is served. */
export interface PublishedPolicy {
  readonly policy: Policy;
  readonly document: PolicyDocument;
  /** Canonical JSON of the document: the same bytes every time it is served. */
  readonly text: string;
  readonly publishedAt: Date;
  /** When it came or comes into force. */
  readonly effectiveFrom: Date;
}

export interface OrganizationStore {
  /** Creates it together with its first policy and, where one is named, its first administrator. */
  create(
    given: { name: string; contact: string; policy: Policy; sample?: boolean; administrator?: User },
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
  /** Puts a newer version in force, at once or on its day, and has every device judged again. Throws as publishPolicy does. */
  publish(
    organization: number,
    policy: Policy,
    actor: Actor,
    at: Date,
    publication?: Publication,
  ): Promise<void>;
}

export function organizationStore(db: Database): OrganizationStore {
  const organizations = db
    .selectFrom('organizations')
    .select(['number', 'id', 'name', 'contact', 'policy_version', 'created_at', 'sample']);
  // A published version never changes, so what was read once is right for ever.
  const published = new Map<string, PublishedPolicy>();

  async function policyVersion(organization: number, version: number): Promise<PublishedPolicy> {
    const key = `${organization}/${version}`;
    const known = published.get(key);
    if (known !== undefined) return known;
    const row = await db
      .selectFrom('policies')
      .select(['document', 'published_at', 'effective_from'])
      .where('organization', '=', organization)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const document = PolicyDocument.parse(JSON.parse(row.document));
    const read: PublishedPolicy = {
      policy: policyFrom(document),
      document,
      text: row.document,
      publishedAt: new Date(row.published_at),
      effectiveFrom: new Date(row.effective_from),
    };
    published.set(key, read);
    return read;
  }

  return {
    create: ({ name, contact, policy, sample = false, administrator }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const id = newId(at);
        const row = {
          id,
          name,
          contact,
          policy_version: policy.version,
          created_at: at.getTime(),
          sample: sample ? 1 : 0,
        };
        const { number } = await writing
          .insertInto('organizations')
          .values(row)
          .returning('number')
          .executeTakeFirstOrThrow();
        const digest = await insertPolicy(writing, number, policy, actor, at);
        await appendAudit(
          writing,
          {
            organization: number,
            actor,
            action: 'organization.create',
            subject: id,
            detail: { policy: policy.id, version: policy.version, sha256: digest },
          },
          at,
        );
        if (administrator !== undefined)
          await grantRole(writing, administrator, number, 'admin', null, actor, at);
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
    publish: (organization, policy, actor, at, publication) =>
      db
        .transaction()
        .execute((writing) => publishPolicy(writing, organization, policy, actor, at, publication)),
  };
}

function organizationOf(row: {
  number: number;
  id: string;
  name: string;
  contact: string;
  policy_version: number;
  created_at: number;
  sample: number;
}): Organization {
  return {
    number: row.number,
    id: row.id,
    name: row.name,
    contact: row.contact,
    policyVersion: row.policy_version,
    createdAt: new Date(row.created_at),
    sample: row.sample === 1,
  };
}
