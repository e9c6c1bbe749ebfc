import { CommandError } from '../command-error.ts';

const lacksRight = new Set(['EACCES', 'EPERM', 'EROFS']);
/** SQLITE_READONLY and SQLITE_CANTOPEN. */
const lacksRightSqlite = new Set([8, 14]);
const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** SQLITE_FULL, and SQLITE_IOERR as a quota or a limit on the size of files gives it. */
const fullSqlite = new Set([10, 13]);

/** How whoever set the agent up for the whole machine does it. */
export const asAdministrator =
  process.platform === 'win32' ? 'use an administrator’s terminal' : 'put sudo before it (sudo agent ...)';

/** What to tell about a state directory that cannot be used: a CommandError, or the error itself where it is none of its own. */
export function stateProblem(error: unknown, directory: string): unknown {
  const { code = '', errcode = 0, path } = error as NodeJS.ErrnoException & { errcode?: number };
  const kind = errcode & 0xff;
  if ((lacksRight.has(code) && path?.startsWith(directory) === true) || lacksRightSqlite.has(kind)) {
    return new CommandError(
      'denied',
      `this account has no right to ${directory}; as the administrator who enrolled this machine: ${asAdministrator}`,
    );
  }
  if (full.has(code) || fullSqlite.has(kind)) {
    return new CommandError(
      'later',
      'the disk is full; what was kept is safe, but nothing more can be kept until there is room',
    );
  }
  return error;
}
