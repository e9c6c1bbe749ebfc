import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { mediumTitle } from '../../../shared/medium.ts';
import { judgeNow } from '../../desk/judge-now.ts';
import type { Asking } from '../../pages/my-device/ask-form.tsx';
import type { MyCheckView, MyDeviceView, MyRequestView } from '../../pages/my-device/my-device.tsx';
import { roleWords } from '../../pages/words.ts';
import { allows } from '../../permissions.ts';
import { noticeOf } from '../../privacy/enrollment-notice.ts';
import { revealsOf } from '../../privacy/identity.ts';
import type { Device } from '../../storage/devices.ts';
import type { Organization } from '../../storage/organizations.ts';
import type { Visit } from '../../storage/staff/visits.ts';
import type { Stores } from '../../storage/stores.ts';
import { teller } from './audit/entries.ts';

/** Entries of the log and requests on the page, newest first. */
const shown = 50;

/** Everything that is kept about a laptop, for the person who sits at it. */
export async function myDeviceView(
  stores: Stores,
  { visit, device, organization }: { visit: Visit; device: Device; organization: Organization },
  said: { readonly asking: Asking; readonly done?: string | undefined; readonly problem?: string },
  at: Date,
): Promise<MyDeviceView> {
  const [{ findings, facts }, looks, readers, requests, reveals] = await Promise.all([
    judgeNow(stores, device, at),
    looksAt(stores, device, organization),
    readersOf(stores, organization.number, at),
    requestsOf(stores, device),
    revealsOf(stores, device.organization, device.id),
  ]);
  const sent = (facts ?? {}) as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  const notice = noticeOf(organization);
  return {
    csrf: visit.csrf,
    now: at.toISOString(),
    closesAt: visit.expiresAt.toISOString(),
    organization: organization.name,
    contact: organization.contact,
    label: device.label,
    purpose: notice.purpose,
    retention: notice.retention,
    noticeVersion: notice.version,
    kept: keptOf(device),
    lastReportAt: device.receivedAt?.toISOString() ?? null,
    checks: findings.map((finding): MyCheckView => {
      const { title, rationale } = checks[finding.check] as unknown as Check;
      return {
        id: finding.check,
        title,
        why: rationale,
        fields: finding.points.map((point) => {
          const value = sent[finding.check]?.[point.point];
          return {
            id: `${finding.check}/${point.point}`,
            title: point.title,
            observed: point.observed,
            status: point.status,
            value: value === undefined ? null : JSON.stringify(value),
          };
        }),
      };
    }),
    readers,
    looks,
    reveals: reveals.map(({ at: toldAt, reason }) => ({ at: toldAt.toISOString(), reason })),
    requests,
    asking: said.asking,
    done: said.done,
    problem: said.problem,
  };
}

const ownerWords: Readonly<Record<Device['owner'], string>> = {
  company: 'the organization',
  contractor: 'a contractor',
  personal: 'you',
  'not-declared': 'nobody has said',
};

function keptOf(device: Device): MyDeviceView['kept'] {
  const { label, assetTag, system, machine, agent, enrolledAt, owner, sequence, leaveUntil } = device;
  return [
    { what: 'Pseudonym', value: label, why: 'Random; lists show it instead of a name.' },
    {
      what: 'Asset tag',
      value: assetTag ?? 'none',
      why: 'The sticker on the laptop, where the organization wrote one down.',
    },
    { what: 'Number of this laptop', value: device.id, why: 'Random; reports are told apart by it.' },
    { what: 'System', value: system, why: 'Rules differ between systems, and their support ends on dates.' },
    { what: 'Desktop', value: machine.desktop ?? 'not told', why: 'So that a fix names the right menu.' },
    { what: 'Version of the agent', value: agent, why: 'An old one may read something wrongly.' },
    {
      what: 'Joined',
      value: enrolledAt.toISOString().slice(0, 10),
      why: 'From when on it is expected to report.',
    },
    {
      what: 'Whose laptop it is',
      value: ownerWords[owner],
      why: 'Some rules differ for laptops that are your own.',
    },
    {
      what: 'Signed reports kept',
      value: String(sequence),
      why: 'The evidence behind every result. On the laptop: agent --sent shows each word for word.',
    },
    {
      what: 'Clock',
      value: device.clockSkewSeconds === 0 ? 'agrees' : `${device.clockSkewSeconds} seconds off`,
      why: 'A wrong clock makes dates in reports wrong.',
    },
    {
      what: 'On leave',
      value: leaveUntil === null ? 'no' : `until ${leaveUntil.toISOString().slice(0, 10)}`,
      why: 'Until then nobody expects it to report.',
    },
  ];
}

/** Whoever may open the page of a laptop. */
async function readersOf(stores: Stores, organization: number, at: Date): Promise<MyDeviceView['readers']> {
  const members = await stores.members.list(organization);
  return members.flatMap(({ name, disabled, roles }) => {
    const held = roles
      .filter(({ expiresAt }) => expiresAt === null || expiresAt > at)
      .map(({ role }) => role);
    return !disabled && allows(held, 'fleet.read')
      ? [{ name, roles: held.map((role) => roleWords[role].name.toLowerCase()).join(', ') }]
      : [];
  });
}

async function looksAt(
  stores: Stores,
  device: Device,
  organization: Organization,
): Promise<MyDeviceView['looks']> {
  const filter = { actor: null, actions: null, subject: device.id, from: null, to: null };
  const entries = await stores.audit.search(device.organization, filter, undefined, shown);
  return (await teller(stores, organization)(entries)).map(({ at, actor, actorName, sentence }) => ({
    at: at.toISOString(),
    who: actor === `device:${device.id}` ? 'This laptop' : actorName,
    what: sentence.parts.map(({ text }) => (text === device.label ? 'this laptop' : text)).join(''),
  }));
}

async function requestsOf(stores: Stores, device: Device): Promise<readonly MyRequestView[]> {
  const [asked, waivers] = await Promise.all([
    stores.staffRequests.ofDevice(device.organization, device.number, shown),
    stores.waivers.waitingFor(device.organization, device.number),
  ]);
  const all: readonly MyRequestView[] = [
    ...asked.map(({ kind, about, words, requestedAt, answeredAt, answer }) => ({
      kind,
      about: titleOf(about),
      words,
      requestedAt: requestedAt.toISOString(),
      answer: answeredAt === null ? null : answer,
    })),
    ...waivers.map(({ check, point, medium, reason, requestedAt }) => ({
      kind: 'waiver' as const,
      about: titleOf([check, point, medium].filter((part) => part !== null).join('/')),
      words: reason,
      requestedAt: requestedAt.toISOString(),
      answer: null,
    })),
  ];
  return all.toSorted((a, b) => b.requestedAt.localeCompare(a.requestedAt));
}

/** `Firewall: Inbound traffic`, `Removable media: Approve m3fa2b1c8d4e5`; what this build does not know is told as it was asked. */
function titleOf(about: string): string {
  const [id = '', point, medium] = about.split('/');
  if (!Object.hasOwn(checks, id)) return about;
  const { title, points } = checks[id as CheckId] as unknown as Check;
  const named = point === undefined ? undefined : points[point]?.title;
  const part = medium === undefined ? named : mediumTitle(medium);
  return part === undefined ? title : `${title}: ${part}`;
}
