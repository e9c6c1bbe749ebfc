import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type PostgresPool,
  type PostgresPoolClient,
  type TransactionSettings,
} from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { DatabaseAddressError } from './address.ts';

/** Connections one collector keeps; reading is spread over them, writing takes turns anyway. */
const maxConnections = 8;
/** Statements a connection remembers by name, so that the database plans them once. */
const maxNamed = 300;
/** Held by a transaction that writes: any number will do, as long as nothing else in this database uses it. */
const writeLock = 7_230_411_958;

/** Whole numbers come as numbers: moments, counts and keys all stay below 2^53. */
const types = new pg.TypeOverrides();
const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a number of the database is out of range');
  return value;
};
types.setTypeParser(pg.types.builtins.INT8, wholeNumber);
// Sums and means of such numbers.
types.setTypeParser(pg.types.builtins.NUMERIC, Number);

/**
 * Every transaction that writes waits for the one before it, as on SQLite: what it read stays true until it commits, there are
 * no deadlocks between them, and the audit log has one end. Group commit keeps that cheap. Reading never waits.
 */
class TakingTurns extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    if (settings.isolationLevel !== undefined || settings.accessMode !== undefined) {
      await super.beginTransaction(connection, settings);
      return;
    }
    await connection.executeQuery(CompiledQuery.raw(`begin; select pg_advisory_xact_lock(${writeLock})`));
  }
}

class TakingTurnsDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver() {
    return new TakingTurns(this.#config);
  }
}

/**
 * What asks for the first few of a list is planned each time: a plan for any values, which PostgreSQL makes of the sixth time on, does not know how few,
 * nor since when, and took what broke since yesterday out of the whole fleet, ten times as long.
 */
const firstFew = /\blimit \$\d+/;

/** Texts the stores use again and again get a name; one that is put together for a single occasion does not. */
function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= maxNamed || firstFew.test(text)) return known;
    const name = `muster_${names.size}`;
    names.set(text, name);
    return name;
  };
}

/**
 * The database behind `postgres://user:password@host/name`. Needs PostgreSQL 15 or later, a UTF-8 database of its own and the
 * right to create tables in it. Throws DatabaseAddressError, which never repeats the address: it may hold a password.
 */
export async function openPostgres(address: string): Promise<Dialect> {
  const pool = poolFor(address);
  try {
    const { rows } = await pool.query<{ version: number; encoding: string }>(
      "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding",
    );
    const [{ version, encoding } = { version: 0, encoding: '' }] = rows;
    if (version < 150_000) throw new DatabaseAddressError('PostgreSQL 15 or later is needed');
    if (encoding !== 'UTF8') throw new DatabaseAddressError('the database must have the encoding UTF8');
  } catch (error) {
    await pool.end();
    if (error instanceof DatabaseAddressError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new DatabaseAddressError(
      `the database of DATABASE_URL cannot be used (${code ?? 'no answer'}${meanings[code ?? ''] ?? ''})`,
    );
  }
  return new TakingTurnsDialect({
    cursor: Cursor as unknown as NonNullable<PostgresDialectConfig['cursor']>,
    pool: namingStatements(pool),
  });
}

/** What PostgreSQL and the network answer most often, in words. */
const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: ': nothing listens there',
  ENOTFOUND: ': there is no such host',
  ENOENT: ': there is no such socket',
  '28P01': ': the password is not right',
  '28000': ': this user may not connect',
  '3D000': ': there is no such database',
  '42501': ': this user may not connect',
  '53300': ': it has too many connections',
};

function poolFor(address: string): pg.Pool {
  let pool: pg.Pool;
  try {
    pool = new pg.Pool({
      connectionString: address,
      max: maxConnections,
      types,
      application_name: 'muster-collector',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // A new connection knows no table and no plan: the first page after a quiet quarter of an hour would wait for eight of them.
      idleTimeoutMillis: 3_600_000,
      // Statements are short: starting helpers or a compiler for one takes longer than what it saves, and takes it from everybody else.
      options: '-c jit=off -c max_parallel_workers_per_gather=0',
      // Whoever waits longer for its turn is told to come again; whoever holds it and says nothing more loses it.
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 60_000,
    });
  } catch {
    throw new DatabaseAddressError('DATABASE_URL is no address of a PostgreSQL database');
  }
  // A connection that breaks while nobody uses it is replaced; the next query says so if that cannot be done.
  pool.on('error', () => {});
  // And one that breaks in use fails what is asked over it, which is said there; unheard, it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** The pool as kysely asks for it, with statements that come again planned once. */
function namingStatements(pool: pg.Pool): PostgresPool {
  const nameOf = statementNames();
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const naming = (client: pg.PoolClient): PostgresPoolClient => ({
    query: ((given: string | object, values: readonly unknown[] = []) => {
      if (typeof given !== 'string') return client.query(given as never);
      // Without parameters it may be several statements, which have no name.
      const name = values.length === 0 ? undefined : nameOf(given);
      return client.query({ text: given, values: [...values], ...(name !== undefined && { name }) });
    }) as unknown as PostgresPoolClient['query'],
    release: () => client.release(),
  });
  return {
    async connect() {
      const client = await pool.connect();
      const wrapped = known.get(client) ?? naming(client);
      known.set(client, wrapped);
      return wrapped;
    },
    end: () => pool.end(),
  };
}
