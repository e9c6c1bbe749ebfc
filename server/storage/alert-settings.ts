import type { Selectable } from 'kysely';
import type { Severity } from '../../shared/check.ts';
import type { AlertTables } from './alert-tables.ts';
import { type Actor, appendAudit, audited } from './audit.ts';
import type { Database } from './database.ts';
import { newId } from './ids.ts';
import { momentOf } from './moments.ts';

/** What an organization wants to be told, and when. */
export interface AlertSettings {
  /** IANA name such as `Africa/Johannesburg`. */
  readonly timeZone: string;
  /** Hour of the day, local time, at which digests go out. */
  readonly digestHour: number;
  /** What breaks below this severity raises no alert. */
  readonly minSeverity: Severity;
}

export const digests = ['none', 'daily', 'weekly'] as const;

/** What one person wants to be sent. */
export interface Subscription {
  /** Every alert by e-mail at once. */
  readonly immediate: boolean;
  readonly digest: (typeof digests)[number];
}

export const webhookFormats = ['plain', 'slack', 'teams'] as const;

export interface Webhook {
  readonly id: string;
  readonly organization: number;
  readonly name: string;
  /** Sealed. */
  readonly url: string;
  readonly host: string;
  /** Sealed. */
  readonly secret: string;
  readonly format: (typeof webhookFormats)[number];
  readonly createdAt: Date;
  readonly pausedAt: Date | null;
}

export interface AlertSettingsStore {
  /** As set, or how it is before anybody has. */
  read(organization: number): Promise<AlertSettings>;
  write(organization: number, settings: AlertSettings, actor: Actor, at: Date): Promise<void>;
  subscription(organization: number, person: number): Promise<Subscription>;
  subscribe(organization: number, person: number, wants: Subscription, actor: Actor, at: Date): Promise<void>;
  /** Everybody who gets digests, of all organizations. */
  digestReaders(): Promise<
    readonly {
      readonly organization: number;
      readonly person: string;
      readonly digest: 'daily' | 'weekly';
      readonly settings: AlertSettings;
    }[]
  >;
  webhooks(organization: number): Promise<readonly Webhook[]>;
  /** Undefined where it is not this organization's or was removed. */
  webhook(organization: number, id: string): Promise<Webhook | undefined>;
  /** `seal` turns the address and the key into what may lie in the database, for this id. */
  addWebhook(
    organization: number,
    given: { readonly name: string; readonly host: string; readonly format: Webhook['format'] },
    seal: (id: string) => { readonly url: string; readonly secret: string },
    actor: Actor,
    at: Date,
  ): Promise<string>;
  /** Holds it up or lets it go on. False where there is no such webhook. */
  pauseWebhook(organization: number, id: string, paused: boolean, actor: Actor, at: Date): Promise<boolean>;
  removeWebhook(organization: number, id: string, actor: Actor, at: Date): Promise<boolean>;
}

const unset: AlertSettings = { timeZone: 'UTC', digestHour: 7, minSeverity: 'medium' };

export function alertSettingsStore(db: Database): AlertSettingsStore {
  const webhooks = (organization: number) =>
    db
      .selectFrom('webhooks')
      .selectAll()
      .where('organization', '=', organization)
      .where('removed_at', 'is', null);
  const changeWebhook = (
    organization: number,
    id: string,
    values: { paused_at?: number | null; removed_at?: number; url?: string; secret?: string },
    action: 'webhook.pause' | 'webhook.resume' | 'webhook.remove',
    actor: Actor,
    at: Date,
  ) =>
    audited(db, at, async (writing) => {
      const row = await writing
        .updateTable('webhooks')
        .set(values)
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .returning('id')
        .executeTakeFirst();
      if (row === undefined) return undefined;
      return { organization, actor, action, subject: id };
    });

  return {
    async read(organization) {
      const row = await db
        .selectFrom('alert_settings')
        .selectAll()
        .where('organization', '=', organization)
        .executeTakeFirst();
      return row === undefined ? unset : settingsOf(row);
    },
    write: (organization, { timeZone, digestHour, minSeverity }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const values = { time_zone: timeZone, digest_hour: digestHour, min_severity: minSeverity };
        await writing
          .insertInto('alert_settings')
          .values({ organization, ...values })
          .onConflict((conflict) => conflict.column('organization').doUpdateSet(values))
          .execute();
        await appendAudit(writing, { organization, actor, action: 'alerts.settings', subject: '' }, at);
      }),
    async subscription(organization, person) {
      const row = await db
        .selectFrom('alert_subscriptions')
        .selectAll()
        .where('organization', '=', organization)
        .where('person', '=', person)
        .executeTakeFirst();
      return {
        immediate: row?.immediate === 1,
        digest: (row?.digest as Subscription['digest'] | undefined) ?? 'none',
      };
    },
    subscribe: (organization, person, { immediate, digest }, actor, at) =>
      db.transaction().execute(async (writing) => {
        const values = { immediate: immediate ? 1 : 0, digest };
        await writing
          .insertInto('alert_subscriptions')
          .values({ organization, person, ...values })
          .onConflict((conflict) => conflict.columns(['organization', 'person']).doUpdateSet(values))
          .execute();
        const detail = { immediate, digest };
        await appendAudit(
          writing,
          { organization, actor, action: 'alerts.subscribe', subject: '', detail },
          at,
        );
      }),
    async digestReaders() {
      const rows = await db
        .selectFrom('alert_subscriptions')
        .innerJoin('users', 'users.number', 'alert_subscriptions.person')
        .leftJoin('alert_settings', 'alert_settings.organization', 'alert_subscriptions.organization')
        .select([
          'alert_subscriptions.organization',
          'users.id as person',
          'digest',
          'time_zone',
          'digest_hour',
          'min_severity',
        ])
        .where('digest', '!=', 'none')
        .execute();
      return rows.map(({ organization, person, digest, time_zone, digest_hour, min_severity }) => ({
        organization,
        person,
        digest: digest as 'daily' | 'weekly',
        settings:
          time_zone === null || digest_hour === null || min_severity === null
            ? unset
            : settingsOf({ time_zone, digest_hour, min_severity }),
      }));
    },
    async webhooks(organization) {
      return (await webhooks(organization).orderBy('name').orderBy('id').execute()).map(webhookOf);
    },
    async webhook(organization, id) {
      const row = await webhooks(organization).where('id', '=', id).executeTakeFirst();
      return row && webhookOf(row);
    },
    addWebhook: (organization, { name, host, format }, seal, actor, at) =>
      db.transaction().execute(async (writing) => {
        const id = newId(at);
        await writing
          .insertInto('webhooks')
          .values({
            id,
            organization,
            name,
            host,
            format,
            ...seal(id),
            created_at: at.getTime(),
            paused_at: null,
            removed_at: null,
          })
          .execute();
        await appendAudit(writing, { organization, actor, action: 'webhook.add', subject: id }, at);
        return id;
      }),
    pauseWebhook: (organization, id, paused, actor, at) =>
      changeWebhook(
        organization,
        id,
        { paused_at: paused ? at.getTime() : null },
        paused ? 'webhook.pause' : 'webhook.resume',
        actor,
        at,
      ),
    removeWebhook: (organization, id, actor, at) =>
      // Its address and key are forgotten at once; the log keeps that it was there.
      changeWebhook(
        organization,
        id,
        { removed_at: at.getTime(), url: '', secret: '' },
        'webhook.remove',
        actor,
        at,
      ),
  };
}

function settingsOf(row: Omit<Selectable<AlertTables['alert_settings']>, 'organization'>): AlertSettings {
  return {
    timeZone: row.time_zone,
    digestHour: row.digest_hour,
    minSeverity: row.min_severity as Severity,
  };
}

function webhookOf(row: Selectable<AlertTables['webhooks']>): Webhook {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    url: row.url,
    host: row.host,
    secret: row.secret,
    format: row.format as Webhook['format'],
    createdAt: new Date(row.created_at),
    pausedAt: momentOf(row.paused_at),
  };
}
