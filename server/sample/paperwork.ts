import type { Actor } from '../storage/audit.ts';
import type { Device, StoredState } from '../storage/devices.ts';
import { newId } from '../storage/ids.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';

/** Who decides what in the made-up companies. */
export interface SamplePeople {
  readonly contractor: Actor;
  readonly reviewer: Actor;
}

const hour = 3_600_000;
const day = 24 * hour;

interface Desk {
  readonly stores: Stores;
  readonly organization: Organization;
  readonly people: SamplePeople;
  readonly at: Date;
}

/** Laptops on which this check fails; in the order of their pseudonyms, which are random. */
async function inState(
  { stores, organization }: Desk,
  state: StoredState,
  check: string | null,
): Promise<readonly Device[]> {
  const filter = { search: '', state, platform: null, check, sort: 'device', descending: false } as const;
  return stores.devices.list(organization.number, filter, 20, 0);
}

async function excuse(
  desk: Desk,
  device: Device,
  given: { check: string; reason: string; control: string; days: number },
): Promise<void> {
  const { stores, organization, people, at } = desk;
  const { days, ...about } = given;
  const expiresAt = new Date(at.getTime() + days * day);
  const asked = new Date(at.getTime() - 5 * hour);
  const id = await stores.waivers.request(
    organization.number,
    { scope: { kind: 'device', device: device.id }, point: null, ...about, startsAt: at, expiresAt },
    people.contractor,
    asked,
  );
  const terms = { startsAt: at, expiresAt, maxDays: 90, note: '' };
  const decision = await stores.waivers.approve(organization.number, id, terms, people.reviewer, at);
  if (decision !== 'done') throw new Error(`a sample waiver was not approved: ${decision}`);
}

/** What people decide, by the share of the past that has gone by; each happens once. Answers the laptops that are heard of no more. */
const decisions: readonly { readonly after: number; decide(desk: Desk): Promise<readonly string[]> }[] = [
  {
    after: 0.55,
    async decide(desk) {
      const [device] = await inState(desk, 'failing', 'os-support');
      if (device === undefined) return [];
      await excuse(desk, device, {
        check: 'os-support',
        reason: 'The drawing program of the archive runs on no newer system.',
        control: 'It is used in its own network without internet.',
        days: 80,
      });
      return [];
    },
  },
  {
    after: 0.7,
    async decide(desk) {
      const retired = (await inState(desk, 'failing', null)).slice(0, 2);
      for (const { id } of retired) {
        await desk.stores.devices.revoke(desk.organization.number, id, desk.people.contractor, desk.at);
      }
      return retired.map(({ id }) => id);
    },
  },
  {
    after: 0.9,
    async decide(desk) {
      const away = (await inState(desk, 'compliant', null)).slice(0, 2);
      const until = new Date(Math.floor(desk.at.getTime() / day) * day + 24 * day);
      for (const { id } of away) {
        await desk.stores.devices.leave(desk.organization.number, id, until, desk.people.contractor, desk.at);
      }
      return away.map(({ id }) => id);
    },
  },
  {
    after: 0.93,
    async decide(desk) {
      const [device] = await inState(desk, 'failing', 'remote-access');
      if (device === undefined) return [];
      await excuse(desk, device, {
        check: 'remote-access',
        reason: 'Needed for the migration of the file server, until it is done.',
        control: 'Keys only, and only from the office network.',
        days: 14,
      });
      return [];
    },
  },
  {
    after: 0.98,
    async decide({ stores, organization, at, ...desk }) {
      const [device] = await inState({ stores, organization, at, ...desk }, 'failing', 'admin-rights');
      if (device === undefined) return [];
      await stores.waivers.requestFromDevice(
        { organization: organization.number, device: device.number, deviceId: device.id },
        {
          id: newId(at),
          check: 'admin-rights',
          point: null,
          reason: 'I install the site measuring tools myself, several times a week.',
        },
        at,
      );
      return [];
    },
  },
];

/** Decides what falls on this day. Answers the laptops that are heard of no more. */
export async function decideOn(index: number, days: number, desk: Desk): Promise<readonly string[]> {
  const due = decisions.filter(({ after }) => Math.round(after * days) === index);
  const gone: string[] = [];
  for (const { decide } of due) gone.push(...(await decide(desk)));
  return gone;
}
