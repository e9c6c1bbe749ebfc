import type { CheckId } from '../../shared/checks/index.ts';
import { count, printable, wrap } from '../../shared/words.ts';
import { type Arguments, textOf } from '../arguments.ts';
import { type CheckTally, countedStates } from '../pages/model.ts';
import { tallies } from '../review/tallies.ts';
import type { DeviceFilter, StoredState } from '../storage/devices.ts';
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

export interface OrganizationStatus {
  readonly organization: string;
  readonly policy: { readonly id: string; readonly version: number };
  readonly counts: Readonly<Record<StoredState, number>>;
  /** `counted`: whether a failure keeps a laptop from being in order, or is a reminder only. */
  readonly checks: readonly (CheckTally & { readonly counted: boolean })[];
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
        : result.map((one) => inWords(one, process.stdout.columns ?? Number.MAX_SAFE_INTEGER)).join('\n'),
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
    checks: tallies(await stores.devices.findingCounts(organization.number), policy).map((tally) => ({
      ...tally,
      counted: Object.values(policy.checks[tally.check as CheckId]).some(({ mode }) => mode === 'enforce'),
    })),
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

/** A laptop on one line; in a narrow terminal what is wrong with it follows on lines of its own. */
function deviceLines(device: OrganizationStatus['devices'][number], width: number): string[] {
  const { device: label, state, system, lastReportAt, failing, unknown } = device;
  const last =
    lastReportAt === null ? 'never reported' : `last report ${lastReportAt.slice(0, 16).replace('T', ' ')}Z`;
  const why = [
    failing.length > 0 ? `fails ${failing.join(', ')}` : '',
    unknown.length > 0 ? `unknown ${unknown.join(', ')}` : '',
  ].filter(Boolean);
  const start = `  ${label}  ${state.padEnd(9)}  ${system.padEnd(20)}  ${last}`;
  const whole = [start, ...why].join('; ');
  if (whole.length <= width) return [whole];
  return [start, ...why.flatMap((text) => wrap(text, width - 14).map((line) => `${' '.repeat(14)}${line}`))];
}

/** For a terminal of so many columns; endless where it is read by a program. */
export function inWords(
  { organization, policy, counts, checks, requests, devices }: OrganizationStatus,
  width: number,
): string {
  const total = countedStates.reduce((sum, state) => sum + counts[state], 0);
  const states = countedStates.map((state) => `${counts[state]} ${state}`).join(', ');
  const away = counts['on-leave'];
  const lines = [
    ...wrap(
      `${printable(organization)}, policy ${policy.id} ${policy.version}: ${count(total, 'device')} (${states})${away > 0 ? `, and ${away} on leave, not counted` : ''}`,
      width,
    ),
    '',
  ];
  for (const { title, counts: of, counted } of checks.filter(
    (check) => check.counts.fail + check.counts.unknown > 0,
  )) {
    lines.push(
      `  ${title.padEnd(28)} ${String(of.fail).padStart(5)} fail ${String(of.unknown).padStart(5)} unknown${counted ? '' : '   not counted'}`,
    );
  }
  lines.push('');
  for (const device of devices) lines.push(...deviceLines(device, width));
  const more = total + away - devices.length;
  if (more > 0) lines.push(`  and ${more} more; --json lists all`);
  if (requests.length > 0) lines.push('', '  Asked for and not decided:');
  for (const { label, subject, reason } of requests)
    lines.push(
      ...wrap(`${label ?? 'several'}  ${subject}: ${printable(reason)}`, width - 2).map(
        (line) => `  ${line}`,
      ),
    );
  return `${lines.join('\n')}\n`;
}
