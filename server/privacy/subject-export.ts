import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { CompactSign } from 'jose';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { csv } from '../exports/csv.ts';
import { valueText } from '../registers/field.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import type { AuditEntry } from '../storage/audit.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Person } from '../storage/people/people.ts';
import type { Stores } from '../storage/stores.ts';
import { askedAs, mentionsOf } from './mentions.ts';
import { processingOf } from './processing.ts';
import { retentionSchedule, retentionWords } from './retention.ts';
import { readableCopy } from './subject-readme.ts';

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

/**
 * The copy of Art. 15(3), which serves Art. 20 too: a page to read, the same as JSON and CSV, and a manifest with the SHA-256 of every
 * file, signed with the collector's key. One ZIP file.
 */
export async function subjectPackage(
  stores: Stores,
  collectorKey: CollectorKey,
  organization: Organization,
  person: Person,
  at: Date,
): Promise<Uint8Array> {
  const data = await subjectData(stores, organization, person);
  const processing = processingOf(organization);
  const json = (value: unknown) => strToU8(`${JSON.stringify(value, null, 2)}\n`);
  const lines = (values: readonly unknown[]) =>
    strToU8(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  const table = <R extends object>(rows: readonly R[]) =>
    strToU8(
      rows[0] === undefined
        ? ''
        : csv([
            Object.keys(rows[0]),
            ...rows.map((row) => Object.values(row).map((value) => String(value ?? ''))),
          ]),
    );
  const files: Record<string, Uint8Array> = {
    'README.html': strToU8(readableCopy(organization, data, processing, at)),
    'about.json': json({
      madeAt: at.toISOString(),
      ...processing,
      retention: retentionSchedule.map((of) => ({
        what: of.title,
        kept: retentionWords(of),
        why: of.reason,
      })),
    }),
    'person.json': json(data.person),
    'devices.json': json(data.devices),
    'devices.csv': table(data.devices),
    'results.ndjson': lines(data.results),
    'results.csv': table(data.results),
    'changes.ndjson': lines(data.changes),
    'changes.csv': table(data.changes),
    'records.json': json(data.records),
    'attestations.json': json(data.attestations),
    'who-was-told.json': json(data.reveals),
    'audit-about-me.ndjson': lines(data.looks),
  };
  const manifest = {
    madeAt: at.toISOString(),
    controller: organization.name,
    files: Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
    ),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  files['manifest.json'] = strToU8(text);
  files['manifest.jws'] = strToU8(
    await new CompactSign(strToU8(text))
      .setProtectedHeader({ alg: 'Ed25519', typ: 'muster-subject-export+jws', kid: collectorKey.publicKey })
      .sign(collectorKey.privateKey),
  );
  return zipSync(files, { mtime: at });
}
