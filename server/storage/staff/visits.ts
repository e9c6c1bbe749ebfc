import { sha256 } from '../../signing/compact-jws.ts';
import { appendAudit } from '../audit.ts';
import type { Database } from '../database.ts';
import { newSecret } from '../ids.ts';

/** A link is good this long, and once. */
export const linkMinutes = 10;
/** Then the page is open this long. */
export const visitMinutes = 30;

/** The laptop a link was made on. */
export interface VisitedDevice {
  readonly organization: number;
  readonly number: number;
  readonly id: string;
}

/** Somebody who sits at a laptop and looks at what is kept about it. */
export interface Visit {
  readonly organization: number;
  readonly device: number;
  readonly csrf: string;
  readonly expiresAt: Date;
}

export interface DeviceVisitStore {
  /** A secret for a one-time link to the page of this laptop. Links that were made before stop being good. */
  createLink(device: VisitedDevice, at: Date): Promise<{ readonly secret: string; readonly expiresAt: Date }>;
  /** Exchanges it for a visit; the answer is the cookie's value. Undefined when the link is not (or no longer) good. */
  open(secret: string, at: Date): Promise<string | undefined>;
  /** The visit behind a cookie; undefined when it is over, or the laptop was taken out. */
  find(cookie: string, at: Date): Promise<Visit | undefined>;
  end(cookie: string): Promise<void>;
}

const minute = 60_000;

export function deviceVisitStore(db: Database): DeviceVisitStore {
  return {
    createLink: (device, at) =>
      db.transaction().execute(async (writing) => {
        const secret = newSecret();
        const expiresAt = new Date(at.getTime() + linkMinutes * minute);
        await writing.deleteFrom('device_visits').where('expires_at', '<=', at.getTime()).execute();
        await writing
          .deleteFrom('device_visits')
          .where('device', '=', device.number)
          .where('csrf', 'is', null)
          .execute();
        await writing
          .insertInto('device_visits')
          .values({
            digest: sha256(secret),
            organization: device.organization,
            device: device.number,
            csrf: null,
            expires_at: expiresAt.getTime(),
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization: device.organization,
            actor: `device:${device.id}`,
            action: 'device.link',
            subject: device.id,
          },
          at,
        );
        return { secret, expiresAt };
      }),
    open: (secret, at) =>
      db.transaction().execute(async (writing) => {
        const digest = sha256(secret);
        const link = await writing
          .selectFrom('device_visits')
          .innerJoin('devices', 'devices.number', 'device_visits.device')
          .select(['device_visits.organization', 'device_visits.device', 'devices.id'])
          .where('device_visits.digest', '=', digest)
          .where('device_visits.csrf', 'is', null)
          .where('device_visits.expires_at', '>', at.getTime())
          .where('devices.revoked_at', 'is', null)
          .executeTakeFirst();
        if (link === undefined) return undefined;
        await writing.deleteFrom('device_visits').where('digest', '=', digest).execute();
        const cookie = newSecret();
        await writing
          .insertInto('device_visits')
          .values({
            digest: sha256(cookie),
            organization: link.organization,
            device: link.device,
            csrf: newSecret(),
            expires_at: at.getTime() + visitMinutes * minute,
          })
          .execute();
        await appendAudit(
          writing,
          {
            organization: link.organization,
            actor: `device:${link.id}`,
            action: 'device.own-view',
            subject: link.id,
          },
          at,
        );
        return cookie;
      }),
    async find(cookie, at) {
      const row = await db
        .selectFrom('device_visits')
        .innerJoin('devices', 'devices.number', 'device_visits.device')
        .select([
          'device_visits.organization',
          'device_visits.device',
          'device_visits.csrf',
          'device_visits.expires_at',
        ])
        .where('device_visits.digest', '=', sha256(cookie))
        .where('device_visits.csrf', 'is not', null)
        .where('device_visits.expires_at', '>', at.getTime())
        .where('devices.revoked_at', 'is', null)
        .executeTakeFirst();
      if (row === undefined || row.csrf === null) return undefined;
      const { organization, device, csrf, expires_at } = row;
      return { organization, device, csrf, expiresAt: new Date(expires_at) };
    },
    async end(cookie) {
      await db.deleteFrom('device_visits').where('digest', '=', sha256(cookie)).execute();
    },
  };
}
