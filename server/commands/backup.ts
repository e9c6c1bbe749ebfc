import { count } from '../../shared/words.ts';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { createBackup } from '../backup/create-backup.ts';
import { progressOnStderr } from '../backup/progress.ts';
import { createIdentity, passphraseSeal, recipientSeal } from '../backup/sealing.ts';
import { withStores } from './open.ts';
import { evidenceWords } from './restore.ts';

/** `collector backup`: 0 when it is written and what it holds is whole, 1 when some of the evidence in it is broken. */
export async function backup(args: Arguments): Promise<number> {
  const to = textOf(args, 'to');
  const passphraseFile = textOf(args, 'passphrase-file');
  const recipient = textOf(args, 'recipient');
  if (to === undefined) throw new UsageError('backup: --to FILE is needed');
  if ((passphraseFile === undefined) === (recipient === undefined)) {
    throw new UsageError(
      'backup: either --passphrase-file FILE or --recipient AGE1... is needed: a backup holds every key',
    );
  }
  const seal =
    passphraseFile === undefined ? await recipientSeal(recipient ?? '') : passphraseSeal(passphraseFile);
  return withStores(async (stores, { databaseUrl, dataFolder }) => {
    const at = new Date();
    const made = await createBackup({ databaseUrl, dataFolder, to, seal, at, progress: progressOnStderr() });
    await stores.audit.record(
      {
        organization: null,
        actor: 'console',
        action: 'backup.create',
        subject: '',
        detail: { rows: made.rows },
      },
      at,
    );
    process.stdout.write(
      `Backup written and read back: ${to}, ${count(made.rows, 'row')} of ${count(made.tables.length, 'table')}, keys and certificate.\n`,
    );
    return made.evidence === undefined ? 0 : evidenceWords(made.evidence);
  });
}

/** `collector backup-key`. */
export async function backupKey(args: Arguments): Promise<number> {
  const to = textOf(args, 'to');
  if (to === undefined) throw new UsageError('backup-key: --to FILE is needed');
  const recipient = await createIdentity(to);
  process.stderr.write(
    `collector: the key is in ${to}. Keep it away from this machine; without it no backup opens.\n`,
  );
  process.stdout.write(`${recipient}\n`);
  return 0;
}
