import { X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { count } from '../../shared/words.ts';
import type { Configuration } from '../configuration.ts';
import { verifyHeads } from '../ingest/verify-evidence.ts';
import { readCollectorKey } from '../signing/collector-key.ts';
import { sqlitePath } from '../storage/address.ts';
import { inspectDatabase } from '../storage/operation.ts';
import { openStores, type Stores } from '../storage/stores.ts';
import { freeBytes, leastFreeBytes } from './disk.ts';
import { readTls } from './tls-files.ts';

/** What one look came to, in words, with what to do about it. */
export interface Diagnosis {
  readonly about: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly found: string;
  readonly remedy?: string;
}

const ok = (about: string, found: string): Diagnosis => ({ about, state: 'ok', found });
const not = (about: string, state: 'warning' | 'wrong', found: string, remedy: string): Diagnosis => ({
  about,
  state,
  found,
  remedy,
});

const gibibyte = 2 ** 30;
const day = 86_400_000;
/** Devices whose last report is verified; all of them is `collector verify`. */
const spotChecks = 50;
const warnBeforeDays = 21;
const backupDays = 8;
const clockSeconds = 5;

/** Looks at everything a collector needs. Changes nothing, except that SQLite may tidy its own log. */
export async function examine(configuration: Configuration, now: Date): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [...lookAtKeys(configuration), await lookAtDisk(configuration)];
  if (configuration.tls !== undefined) found.push(lookAtCertificate(configuration, configuration.tls, now));
  found.push(await lookAtMail(configuration));
  const database = await lookAtDatabase(configuration);
  found.push(...database);
  const usable = database.every(({ state }) => state === 'ok');
  const stores = usable ? await openStores(configuration.databaseUrl, configuration.dataFolder) : undefined;
  try {
    if (stores !== undefined) found.push(...(await examineContents(stores, now)));
  } finally {
    await stores?.close();
  }
  return found;
}

function lookAtKeys({ dataFolder }: Configuration): Diagnosis[] {
  try {
    readCollectorKey(dataFolder);
  } catch {
    return [
      not(
        'keys',
        'wrong',
        `no collector-key.pem that can be read in ${dataFolder}`,
        'set MUSTER_DATA, or collector setup, or restore it from a backup',
      ),
    ];
  }
  const open = ['', 'collector-key.pem', 'people.key', 'tls-key.pem']
    .map((name) => join(dataFolder, name))
    .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  // Windows keeps rights another way.
  if (open.length > 0 && process.platform !== 'win32') {
    const found = `others may read ${open.join(', ')}`;
    return [not('keys', 'wrong', found, `chmod -R go= ${dataFolder}`)];
  }
  return [ok('keys', `in ${dataFolder}, for this account only`)];
}

async function lookAtDisk({ databaseUrl, dataFolder }: Configuration): Promise<Diagnosis> {
  const path = sqlitePath(databaseUrl);
  const folder = path === undefined ? dataFolder : dirname(path);
  if (!existsSync(folder)) return not('disk', 'wrong', `there is no folder ${folder}`, 'collector setup');
  const free = await freeBytes(folder);
  const found = `${(free / gibibyte).toFixed(1)} GiB left where ${folder} lies`;
  if (free < leastFreeBytes) return not('disk', 'wrong', found, 'make room: no report can be kept');
  if (free < gibibyte) return not('disk', 'warning', found, 'make room before it is full');
  return ok('disk', found);
}

function lookAtCertificate(
  { publicUrl, selfSigned }: Configuration,
  files: { cert: string; key: string },
  now: Date,
): Diagnosis {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readTls(files).cert);
  } catch (error) {
    return not(
      'certificate',
      'wrong',
      (error as Error).message,
      'set TLS_CERT and TLS_KEY, or collector setup',
    );
  }
  const days = Math.floor((certificate.validToDate.getTime() - now.getTime()) / day);
  const until = `until ${certificate.validToDate.toISOString().slice(0, 10)}`;
  const renew = selfSigned
    ? 'move both files away, collector setup, and enroll the laptops again: they know the old one'
    : 'renew it; the new files are taken up without a restart';
  if (days < 0) return not('certificate', 'wrong', `it was good ${until}`, renew);
  if (days < warnBeforeDays) return not('certificate', 'warning', `good ${until}`, renew);
  const { hostname } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const named = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  if (named === undefined) {
    const found = `it is not for ${host}, the host of PUBLIC_URL`;
    // Agents that were told the certificate's digest ask for no name.
    return not('certificate', selfSigned ? 'warning' : 'wrong', found, 'use one that names this host');
  }
  return ok('certificate', `for ${host}, ${until}${selfSigned ? ', our own' : ''}`);
}

async function lookAtMail({ mail }: Configuration): Promise<Diagnosis> {
  if (mail === undefined) return ok('mail', 'none is sent: SMTP_URL is not set');
  const { openMailer } = await import('../alerts/mail.ts');
  const mailer = openMailer(mail);
  try {
    await mailer.verify();
    return ok('mail', `the server of SMTP_URL answers, and would send for ${mail.from}`);
  } catch (error) {
    return not('mail', 'wrong', (error as Error).message, 'look at SMTP_URL and SMTP_FROM');
  } finally {
    mailer.close();
  }
}

async function lookAtDatabase({ databaseUrl }: Configuration): Promise<Diagnosis[]> {
  const path = sqlitePath(databaseUrl);
  if (path !== undefined && !existsSync(path)) {
    return [not('database', 'wrong', `there is no ${path}`, 'collector setup, or set DATABASE_URL')];
  }
  try {
    const { server, shape, damage, clockSeconds: ahead } = await inspectDatabase(databaseUrl);
    if (damage.length > 0) {
      return [
        not(
          'database',
          'wrong',
          `${server}: the file is damaged`,
          'restore the last backup elsewhere and compare',
        ),
      ];
    }
    if (shape === 'none') {
      return [
        not(
          'database',
          'wrong',
          `${server} answers, and nothing is in it`,
          'collector setup, or collector restore',
        ),
      ];
    }
    if (shape === 'newer') {
      return [not('database', 'wrong', `${server}: a newer collector wrote it`, 'run that version')];
    }
    if (shape === 'older') {
      return [
        not(
          'database',
          'warning',
          `${server}: an older collector shaped it`,
          'collector serve brings it up to date; back up first',
        ),
      ];
    }
    const clock =
      Math.abs(ahead) > clockSeconds
        ? not(
            'clock',
            'wrong',
            `${count(Math.abs(ahead), 'second')} away from the database’s`,
            'let both machines set their clocks by NTP',
          )
        : undefined;
    return [ok('database', `${server}, whole and up to date`), ...(clock === undefined ? [] : [clock])];
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    const said = name === 'DatabaseAddressError' ? message : `it does not answer (${code ?? name})`;
    return [not('database', 'wrong', said, 'look at DATABASE_URL and at the database’s own log')];
  }
}

/** Looks at what a database holds: evidence, backups, the policy in force. */
export async function examineContents(stores: Stores, now: Date): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  const holders = await stores.reports.holders();
  const chosen = holders
    .map((holder) => ({ holder, order: Math.random() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, spotChecks)
    .map(({ holder }) => holder);
  const { broken, auditBrokenAt } = await verifyHeads(stores, chosen);
  const altered = await stores.audit.altered();
  found.push(
    auditBrokenAt === null
      ? ok('audit log', 'every entry follows the one before')
      : not(
          'audit log',
          'wrong',
          `entry ${auditBrokenAt} does not follow the one before`,
          'collector verify; compare with a backup',
        ),
    altered.length === 0
      ? ok('content', 'policies, waivers and records are as the audit log noted them')
      : not(
          'content',
          'wrong',
          `${count(altered.length, 'policy, waiver or record is', 'policies, waivers and records are')} not as the audit log noted`,
          'collector verify names them; compare with a backup',
        ),
    broken.length === 0
      ? ok(
          'evidence',
          `the last report of ${count(chosen.length, 'device')} of ${holders.length} is what was signed`,
        )
      : not(
          'evidence',
          'wrong',
          `the last report of ${count(broken.length, 'device')} is not what was signed`,
          'collector verify',
        ),
  );
  const backedUpAt = await stores.operation.lastBackupAt();
  const age = backedUpAt === null ? undefined : Math.floor((now.getTime() - backedUpAt.getTime()) / day);
  found.push(
    age !== undefined && age < backupDays
      ? ok('backup', `the last one ${age === 0 ? 'today' : `${count(age, 'day')} ago`}`)
      : not(
          'backup',
          'warning',
          age === undefined ? 'never' : `the last one ${count(age, 'day')} ago`,
          'collector backup',
        ),
  );
  for (const { number, name, policyVersion } of await stores.organizations.all()) {
    const held = await stores.heldPolicies.newer(number);
    if (held === undefined) continue;
    found.push(
      not(
        'policy',
        'wrong',
        `${count(held.devices, 'laptop')} of ${name} hold version ${held.version} and hand in nothing: version ${policyVersion} is in force here`,
        `collector republish --organization "${name}"`,
      ),
    );
  }
  const { due } = await stores.operation.figures(now);
  if (due > 0) found.push(ok('review', `${count(due, 'device')} to be judged again while it serves`));
  return found;
}

const secret = /secret|token|password|passphrase/i;

/** The settings in force, without what must not be shown. */
export function effectiveSettings(configuration: Configuration): Readonly<Record<string, string>> {
  const words = (name: string, value: unknown): string => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'not set';
    if (secret.test(name)) return 'set';
    if (Array.isArray(value)) return value.join(', ');
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value)
        .map(([key, inner]) => `${key} ${words(key, inner)}`)
        .join(', ');
    }
    return withoutPassword(String(value));
  };
  return Object.fromEntries(Object.entries(configuration).map(([name, value]) => [name, words(name, value)]));
}

/** An address with what stands before its host left out, and with nothing behind a question mark. */
const withoutPassword = (text: string): string =>
  text.replace(/^([a-z+]+:\/\/)[^/?#]*@/i, '$1...@').replace(/\?.*$/s, '?...');
