import { count } from '../../shared/words.ts';
import { type Arguments, textOf } from '../arguments.ts';
import { type CheckTally, countedStates } from '../pages/model.ts';
import { tallies } from '../review/tallies.ts';
import { type DeviceFilter, type StoredState, storedStates } from '../storage/devices.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';
import { subjectOf, type WaiverRecord } from '../storage/waivers.ts';
import { findOrganization, withStores } from './open.ts';

/** Devices a terminal shows; the rest is counted. */
const shown = 50;

const everything: DeviceFilter = {
  search: '',
  state: null,
  platform: null,
  check: null,
  sort: 'state',
  descending: false,
};

interface WaitingRequest {
  readonly id: string;
  /** Pseudonym of the device it is for; null for a group of them. */
  readonly label: string | null;
  /** `firewall` or `firewall/enabled`. */
  readonly subject: string;
  readonly reason: string;
  readonly requestedAt: Date;
}

const requestOf = (waiver: WaiverRecord): WaitingRequest => ({
  id: waiver.id,
  label: waiver.device?.label ?? null,
  subject: subjectOf(waiver),
  reason: waiver.reason,
  requestedAt: waiver.requestedAt,
});

interface OrganizationStatus {
  readonly organization: string;
  readonly policy: { readonly id: string; readonly version: number };
  readonly counts: Readonly<Record<StoredState, number>>;
  readonly checks: readonly CheckTally[];
  /** What staff asked for and nobody has decided. */
  readonly requests: readonly WaitingRequest[];
  readonly devices: readonly {
    readonly device: string;
    readonly id: string;
    readonly state: StoredState;
    readonly system: string;
    readonly lastReportAt: string | null;
    readonly failing: readonly string[];
    readonly unknown: readonly string[];
  }[];
}

/** `collector status`: the same numbers as the pages, without a browser. */
export async function status(args: Arguments): Promise<number> {
  return withStores(async (stores) => {
    const name = textOf(args, 'organization');
    const organizations =
      name === undefined ? await stores.organizations.all() : [await findOrganization(stores, name)];
    const json = args['json'] === true;
    const result = await Promise.all(
      organizations.map((organization) =>
        statusOf(stores, organization, json ? Number.MAX_SAFE_INTEGER : shown),
      ),
    );
    process.stdout.write(
      json
        ? `${JSON.stringify({ schema: 'muster.status/1', organizations: result }, null, 2)}\n`
        : result.map(inWords).join('\n'),
    );
    return 0;
  });
}

async function statusOf(
  stores: Stores,
  organization: Organization,
  limit: number,
): Promise<OrganizationStatus> {
  const { policy } = await stores.organizations.policy(organization.number);
  const devices = await stores.devices.list(organization.number, everything, limit, 0);
  return {
    organization: organization.name,
    policy: { id: policy.id, version: policy.version },
    counts: await stores.devices.stateCounts(organization.number),
    requests: (await stores.waivers.waiting(organization.number, shown)).map(requestOf),
    checks: tallies(await stores.devices.findingCounts(organization.number), policy),
    devices: devices.map((device) => ({
      device: device.label,
      id: device.id,
      state: device.state,
      system: device.system,
      lastReportAt: device.receivedAt?.toISOString() ?? null,
      failing: device.failing,
      unknown: device.unknown,
    })),
  };
}

/** What a person wrote, on one line and without anything a terminal would obey. */
const printable = (text: string) => text.replace(/[\p{C}\s]+/gu, ' ').trim();

function inWords({ organization, policy, counts, checks, requests, devices }: OrganizationStatus): string {
  const total = countedStates.reduce((sum, state) => sum + counts[state], 0);
  const states = storedStates.map((state) => `${counts[state]} ${state}`).join(', ');
  const lines = [
    `${organization}, policy ${policy.id} ${policy.version}: ${count(total, 'device')} (${states})`,
    '',
  ];
  for (const { title, counts: of } of checks.filter(
    (check) => check.counts.fail + check.counts.unknown > 0,
  )) {
    lines.push(
      `  ${title.padEnd(28)} ${String(of.fail).padStart(5)} fail ${String(of.unknown).padStart(5)} unknown`,
    );
  }
  lines.push('');
  for (const { device, state, system, lastReportAt, failing, unknown } of devices) {
    const why = [
      failing.length > 0 ? `fails ${failing.join(', ')}` : '',
      unknown.length > 0 ? `unknown ${unknown.length}` : '',
    ].filter(Boolean);
    const last =
      lastReportAt === null
        ? 'never reported'
        : `last report ${lastReportAt.slice(0, 16).replace('T', ' ')}Z`;
    lines.push(`  ${device}  ${state.padEnd(9)}  ${system.padEnd(20)}  ${[last, ...why].join('; ')}`);
  }
  if (devices.length < total) lines.push(`  and ${total - devices.length} more; --json lists all`);
  if (requests.length > 0) lines.push('', '  Asked for and not decided:');
  for (const { label, subject, reason } of requests)
    lines.push(`  ${label ?? 'several'}  ${subject}: ${printable(reason)}`);
  return `${lines.join('\n')}\n`;
}
