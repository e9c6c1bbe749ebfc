/** SQLite: the file is held by somebody else, or the disk is full. */
const sqliteBusy = new Set([5, 13]);
/**
 * PostgreSQL: connection lost, resources short (a full disk too), somebody else holds what is needed, the server goes down; then what
 * the network says. https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
const postgresBusy = /^(08...|53...|55P03|40001|40P01|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** The database cannot take it now, and may later: nothing was kept. */
export function isUnavailable(error: Error): boolean {
  const { errcode, code, message } = error as { errcode?: number; code?: unknown; message: string };
  if (errcode !== undefined) return sqliteBusy.has(errcode & 0xff);
  if (typeof code === 'string') return postgresBusy.test(code);
  // What the pool says when no connection came free or one was cut has no code.
  return /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/.test(
    message,
  );
}

/** Text that a database cannot hold (a null character on PostgreSQL). */
export const isRefusedText = (error: Error): boolean => (error as { code?: unknown }).code === '22021';
