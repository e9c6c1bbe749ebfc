import { count } from '../../shared/words.ts';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { progressOnStderr } from '../backup/progress.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { identityOpener, passphraseOpener } from '../backup/sealing.ts';
import { readConfiguration } from '../configuration.ts';
import type { Verification } from '../ingest/verify-evidence.ts';

/** `collector restore`: 0 when everything is in place and whole, 1 when some of the evidence in it was broken already. */
export async function restore(args: Arguments): Promise<number> {
  const from = textOf(args, 'from');
  const passphraseFile = textOf(args, 'passphrase-file');
  const keyFile = textOf(args, 'key-file');
  if (from === undefined) throw new UsageError('restore: --from FILE is needed');
  if ((passphraseFile === undefined) === (keyFile === undefined)) {
    throw new UsageError('restore: either --passphrase-file FILE or --key-file FILE is needed');
  }
  const opener =
    passphraseFile === undefined ? identityOpener(keyFile ?? '') : passphraseOpener(passphraseFile);
  const { databaseUrl, dataFolder } = readConfiguration(process.env);
  const done = await restoreBackup({
    databaseUrl,
    dataFolder,
    from,
    opener,
    at: new Date(),
    progress: progressOnStderr(),
  });
  process.stdout.write(
    `Restored as of ${done.madeAt.toISOString()}: ${count(done.rows, 'row')} of ${count(done.tables.length, 'table')}, compared with the backup; keys and certificate.\nWhoever was signed in signs in again. Laptops that hold a newer policy than the backup has hand in nothing until it is published again: once they called, Today and collector doctor say so, and collector republish mends it.\n`,
  );
  return evidenceWords(done.evidence);
}

/** Says what the last reports and the audit log prove; the exit code. */
export function evidenceWords({ broken, devices, auditBrokenAt }: Verification): number {
  if (broken.length === 0 && auditBrokenAt === null) {
    process.stdout.write(
      `The audit log is whole, and so is the last report of ${count(devices, 'device')}. Every report: collector verify\n`,
    );
    return 0;
  }
  for (const { label, device, sequence } of broken) {
    process.stdout.write(`BROKEN EVIDENCE  ${label} (${device}) report ${sequence}\n`);
  }
  if (auditBrokenAt !== null) process.stdout.write(`BROKEN AUDIT LOG  entry ${auditBrokenAt}\n`);
  return 1;
}
