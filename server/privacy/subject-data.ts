import { type CheckId, checks } from '../../shared/checks/index.ts';
import { valueText } from '../registers/field.ts';
import type { AuditEntry } from '../storage/audit.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Person } from '../storage/people/people.ts';
import type { Stores } from '../storage/stores.ts';
import { askedAs, mentionsOf } from './mentions.ts';

/** Entries about a person's laptops that are handed over; the newest come first. */
const maxEntries = 10_000;
const maxChanges = 10_000;

/** Everything held about a person, as it goes into their copy. */
export interface SubjectData {
  readonly person: Pick<Person, 'name' | 'email' | 'kind'>;
  readonly devices: readonly {
    readonly label: string;
    readonly assetTag: string | null;
    readonly system: string;
    readonly heldSince: string;
    readonly heldUntil: string | null;
    readonly enrolledAt: string;
    readonly lastReportAt: string | null;
  }[];
  readonly results: readonly {
    device: string;
    check: string;
    point: string;
    status: string;
    since: string;
  }[];
  readonly changes: readonly {
    device: string;
    at: string;
    check: string;
    point: string;
    before: string;
    after: string;
    observed: string;
  }[];
  readonly records: readonly {
    register: string;
    reference: string;
    values: Readonly<Record<string, string>>;
  }[];
  readonly attestations: Awaited<ReturnType<Stores['retention']['answersOf']>>;
  /** What they wrote themselves on the page about their laptop. */
  readonly asked: readonly { device: string; at: string; kind: string; words: string; answer: string }[];
  readonly reveals: readonly { device: string; at: string; who: string; reason: string }[];
  readonly looks: readonly { at: string; device: string; what: string; who: string }[];
}

/** Gathers what is held about a person. Others who appear in it are named by what they are, not by who. */
export async function subjectData(
  stores: Stores,
  organization: Organization,
  person: Person,
): Promise<SubjectData> {
  const { number } = organization;
  const [holdings, mentions, asked] = await Promise.all([
    stores.people.holdings(number, person.id),
    mentionsOf(stores, person),
    askedAs(stores, person),
  ]);
  const held = await Promise.all(
    holdings.map(async (holding) => ({ holding, device: await stores.devices.byId(number, holding.device) })),
  );
  const results: SubjectData['results'][number][] = [];
  const changes: SubjectData['changes'][number][] = [];
  const reveals: SubjectData['reveals'][number][] = [];
  const written: SubjectData['asked'][number][] = [];
  for (const { holding, device } of held) {
    if (device === undefined) continue;
    const during = (at: Date) => at >= holding.since && (holding.until === null || at <= holding.until);
    // What is so now is about whoever holds it now.
    if (holding.until === null) {
      for (const [subject, { status, since }] of await stores.findings.ofDevice(number, device.number)) {
        const [check = '', point = ''] = subject.split('/');
        results.push({
          device: device.label,
          check: titleOf(check),
          point,
          status,
          since: since.toISOString(),
        });
      }
    }
    for (const change of await stores.findings.timeline(number, device.number, maxChanges)) {
      const [check = '', point = ''] = change.subject.split('/');
      if (!during(change.at)) continue;
      const { before, after, observed } = change;
      changes.push({
        device: device.label,
        at: change.at.toISOString(),
        check: titleOf(check),
        point,
        before,
        after,
        observed,
      });
    }
    for (const one of await stores.staffRequests.ofDevice(number, device.number, maxEntries)) {
      if (!during(one.requestedAt)) continue;
      const { kind, words, answer } = one;
      written.push({ device: device.label, at: one.requestedAt.toISOString(), kind, words, answer });
    }
    for (const { at, reason } of await stores.people.reveals(number, device.id)) {
      if (during(at))
        reveals.push({
          device: device.label,
          at: at.toISOString(),
          who: 'somebody of the company or its contractor',
          reason,
        });
    }
  }
  const labels = new Map(
    held.flatMap(({ device }) => (device === undefined ? [] : [[device.id, device.label]])),
  );
  return {
    person: { name: person.name, email: person.email, kind: person.kind },
    devices: held.flatMap(({ holding, device }) =>
      device === undefined
        ? []
        : [
            {
              label: device.label,
              assetTag: device.assetTag,
              system: device.system,
              heldSince: holding.since.toISOString(),
              heldUntil: holding.until?.toISOString() ?? null,
              enrolledAt: device.enrolledAt.toISOString(),
              lastReportAt: device.receivedAt?.toISOString() ?? null,
            },
          ],
    ),
    results,
    changes,
    records: mentions.map(({ register, record, personal, fields }) => ({
      register: register.title,
      reference: `${register.prefix}-${record.sequence}`,
      values: Object.fromEntries(
        fields.flatMap((id) => {
          const field = register.fields[id];
          return field === undefined ? [] : [[field.title, valueText(field, personal[id])]];
        }),
      ),
    })),
    attestations: await stores.retention.answersOf(
      number,
      holdings.map(({ device }) => device),
      asked,
    ),
    asked: written,
    reveals,
    looks: (await entriesAbout(stores, number, new Set(labels.keys()))).map((entry) => ({
      at: entry.at.toISOString(),
      device: labels.get(entry.subject) ?? '',
      what: entry.action,
      who: entry.actor.startsWith('user:') ? 'a person with access' : (entry.actor.split(':')[0] ?? ''),
    })),
  };
}

const titleOf = (check: string): string =>
  (checks[check as CheckId] as { title: string } | undefined)?.title ?? check;

async function entriesAbout(
  stores: Stores,
  organization: number,
  devices: ReadonlySet<string>,
): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  let before: number | undefined;
  while (devices.size > 0 && found.length < maxEntries) {
    const entries = await stores.audit.list(organization, before, 500);
    found.push(...entries.filter(({ subject }) => devices.has(subject)));
    before = entries.at(-1)?.number;
    if (entries.length < 500) break;
  }
  return found;
}
