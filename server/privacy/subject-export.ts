import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { CompactSign } from 'jose';
import { csv } from '../exports/csv.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Person } from '../storage/people/people.ts';
import type { Stores } from '../storage/stores.ts';
import { processingOf } from './processing.ts';
import { retentionSchedule, retentionWords } from './retention.ts';
import { subjectData } from './subject-data.ts';
import { readableCopy } from './subject-readme.ts';

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
    'requests.json': json(data.asked),
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
