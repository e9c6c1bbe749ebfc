/** An address of a database that cannot be used, in words for the person who set it; never the address itself. */
export class DatabaseAddressError extends Error {
  override readonly name = 'DatabaseAddressError';
}

/** Which database an address names. Throws DatabaseAddressError. */
export function databaseKind(address: string): 'sqlite' | 'postgres' {
  if (/^sqlite:./.test(address)) return 'sqlite';
  if (/^postgres(ql)?:\/\//.test(address)) return 'postgres';
  throw new DatabaseAddressError(
    'a database is sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME (for example sqlite:data/collector.db)',
  );
}

/** The file behind `sqlite:<path>`; undefined for a database that is no file. */
export const sqlitePath = (address: string): string | undefined =>
  databaseKind(address) === 'sqlite' ? address.slice('sqlite:'.length) : undefined;
