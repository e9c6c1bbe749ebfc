import type { DeviceWaiver } from '../../shared/waiver.ts';
import type { Arguments } from '../arguments.ts';
import { chosenFormat } from '../output/format.ts';
import { asRows, localTime, printable } from '../output/rows.ts';
import { readSchedule } from '../state/schedule.ts';
import { waiversFor } from '../sync/kept-policy.ts';
import { openView, type View } from '../sync/view.ts';

/** `agent --status`: where this machine stands, from what is kept here; asks nobody. */
export async function status(args: Arguments): Promise<number> {
  const format = chosenFormat(args.format);
  const view = await openView();
  try {
    const facts = await statusOf(view);
    process.stdout.write(format === 'json' ? `${JSON.stringify(facts, null, 2)}\n` : `${asText(facts)}\n`);
    return 0;
  } finally {
    view.close();
  }
}

async function statusOf({ directory, enrollment, outbox, policy }: View) {
  const schedule = readSchedule(directory);
  return {
    schema: 'muster.status/1',
    organization: enrollment.organization,
    collector: enrollment.url,
    device: enrollment.device,
    enrolledAt: enrollment.enrolledAt,
    noticeVersion: enrollment.notice.version,
    key: await keyHome(directory),
    publicKey: await publicKeyOf(directory),
    collectorKey: enrollment.collectorKey,
    policy:
      policy === undefined
        ? null
        : {
            id: policy.document.id,
            version: policy.document.version,
            publishedAt: policy.document.publishedAt,
          },
    waivers: policy === undefined ? [] : waiversFor(enrollment.device, policy),
    lastCheckAt: schedule?.lastCheckAt?.toISOString() ?? null,
    nextCheckAt: schedule?.nextCheckAt?.toISOString() ?? null,
    retryAt: schedule?.retryAt?.toISOString() ?? null,
    lastDeliveredAt: outbox?.recall('lastContact') ?? null,
    reports: outbox === undefined ? 0 : outbox.chain().sequence - 1,
    waiting: outbox?.waiting().reports ?? 0,
    dropped: outbox?.waiting().dropped ?? 0,
    lastFailure: outbox?.recall('lastFailure') ?? null,
    revokedAt: outbox?.recall('revokedAt') ?? null,
  };
}

/** The public half of the device key, for whoever compares it with evidence; null where this account may not read the key. */
async function publicKeyOf(directory: string): Promise<string | null> {
  const { readDeviceKey } = await import('../sync/identity.ts');
  try {
    return (await readDeviceKey(directory))?.publicKey ?? null;
  } catch {
    return null;
  }
}

/** Where the device key lives; whether that can be told without being the account that owns it. */
async function keyHome(directory: string): Promise<string> {
  const { storeOfKey } = await import('../secrets/index.ts');
  try {
    return (await storeOfKey(directory))?.description ?? 'not to be seen from this account';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return `a file only the service can read (${directory})`;
    return (error as Error).name === 'ExposedKey' ? message : 'in a keychain that cannot be read now';
  }
}

/** `firewall/enabled, until 2027-01-31 23:59, because ...`; `removable medium m3fa2b1c8d4e5 approved, until ...`. */
function waiverWords({ check, point, medium, startsAt, expiresAt, reason }: DeviceWaiver): string {
  const from = Date.parse(startsAt) > Date.now() ? `from ${localTime(startsAt)} ` : '';
  const about =
    medium === undefined
      ? [check, ...(point === null ? [] : [point])].join('/')
      : `removable medium ${medium} approved`;
  return `${about}, ${from}until ${localTime(expiresAt)}, because ${printable(reason)}`;
}

function asText(facts: Awaited<ReturnType<typeof statusOf>>): string {
  const time = (at: string | null, otherwise: string) => (at === null ? otherwise : localTime(at));
  const rows: [string, string][] = [
    ['Organization', `${printable(facts.organization)}, since ${localTime(facts.enrolledAt)}`],
    ['Collector', facts.collector],
    ['Device', facts.device],
    ['Device key', facts.key],
    ['Its public half', facts.publicKey ?? 'not to be seen from this account'],
    ['Collector key', facts.collectorKey],
    [
      'Policy',
      facts.policy === null
        ? 'has not arrived yet; judged by the base policy'
        : `${facts.policy.id} ${facts.policy.version}, of ${localTime(facts.policy.publishedAt)}`,
    ],
    ...facts.waivers
      .filter(({ expiresAt }) => Date.parse(expiresAt) > Date.now())
      .map((waiver): [string, string] => ['Waiver', waiverWords(waiver)]),
    ['Last check', time(facts.lastCheckAt, 'never')],
    [
      'Last report',
      `${time(facts.lastDeliveredAt, 'never')}${facts.reports > 0 ? `, number ${facts.reports}` : ''}`,
    ],
    ['Next check', time(facts.nextCheckAt, 'when the service runs')],
    [
      'Waiting',
      facts.waiting === 0
        ? 'nothing'
        : `${facts.waiting}, next attempt ${time(facts.retryAt, 'with the next check')}`,
    ],
  ];
  if (facts.dropped > 0) rows.push(['Dropped', `${facts.dropped}: the outbox was full`]);
  if (facts.lastFailure !== null) {
    const [at = '', ...words] = facts.lastFailure.split(' ');
    rows.push(['Last problem', `${localTime(at)}: ${words.join(' ')}`]);
  }
  if (facts.revokedAt !== null) {
    rows.push([
      'Removed',
      `${localTime(facts.revokedAt)}: the organization removed this device; nothing is sent any more`,
    ]);
  }
  return asRows(rows);
}
