import { existsSync } from 'node:fs';
import { count } from '../../shared/words.ts';
import { type Arguments, textOf, UsageError } from '../arguments.ts';
import { progressOnStderr } from '../backup/progress.ts';
import { fillPlace } from '../backup/restore-backup.ts';
import { sqlitePath } from '../storage/address.ts';
import { withContents } from '../storage/transfer.ts';
import { NotSetUp } from './open.ts';

/** `collector migrate`: everything, or nothing. The database it comes from stays as it is. */
export async function migrate(args: Arguments): Promise<number> {
  const from = textOf(args, 'from');
  const to = textOf(args, 'to');
  if (from === undefined || to === undefined || from === to) {
    throw new UsageError('migrate: --from ADDRESS and --to another ADDRESS are needed');
  }
  const path = sqlitePath(from);
  if (path !== undefined && !existsSync(path)) throw new NotSetUp(`there is no database ${path}`);
  const progress = progressOnStderr();
  const tables = await withContents(from, ({ shapes, rows, pieces }) =>
    fillPlace(to, { shapes, pieces: pieces(), progress: (done) => progress(done, rows) }),
  );
  const rows = tables.reduce((sum, table) => sum + table.count, 0);
  process.stdout.write(
    `Moved ${count(rows, 'row')} of ${count(tables.length, 'table')}; numbers and digests of both databases agree.
Set DATABASE_URL to the new one and start the collector. The old one is as it was: remove it when you are sure.\n`,
  );
  return 0;
}
