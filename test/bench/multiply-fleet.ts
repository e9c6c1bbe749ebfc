import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** A database as somebody with all rights to it sees it. */
interface Raw {
  execute(statement: string): Promise<void>;
  columns(table: string): Promise<readonly string[]>;
  /** Copies rows in bulk: what would be looked up and kept in order row by row is done at the end. */
  inBulk(tables: readonly string[], work: () => Promise<void>): Promise<void>;
  /** Twelve hexadecimal digits of a number. */
  hex(expression: string): string;
  close(): Promise<void>;
}

async function openRaw(address: string): Promise<Raw> {
  if (address.startsWith('sqlite:')) {
    // Copies refer to what is there as surely as what they are copied from.
    const database = new DatabaseSync(address.slice('sqlite:'.length), {
      enableForeignKeyConstraints: false,
    });
    database.exec('pragma synchronous = off; pragma cache_size = -1000000; pragma busy_timeout = 60000');
    return {
      execute: async (statement) => database.exec(statement),
      columns: async (table) =>
        database
          .prepare(`select name from pragma_table_info('${table}')`)
          .all()
          .map(({ name }) => String(name)),
      inBulk: (_tables, work) => work(),
      hex: (expression) => `printf('%012x', ${expression})`,
      close: async () => database.close(),
    };
  }
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query('set synchronous_commit = off');
  return {
    async execute(statement) {
      await client.query(statement);
    },
    async columns(table) {
      const { rows } = await client.query<{ name: string }>(
        'select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = $1',
        [table],
      );
      return rows.map(({ name }) => name);
    },
    async inBulk(tables, work) {
      await client.query("set session_replication_role = replica; set maintenance_work_mem = '512MB'");
      const { rows } = await client.query<{ name: string; definition: string }>(
        `select i.indexname as name, i.indexdef as definition from pg_indexes i
        where i.schemaname = current_schema() and i.tablename = any ($1)
          -- What is copied is found by its device.
          and i.indexdef not like '%(device%'
          and not exists (select from pg_constraint c where c.conname = i.indexname)`,
        [tables],
      );
      for (const { name } of rows) await client.query(`drop index ${name}`);
      await work();
      for (const { definition } of rows) await client.query(definition);
      await client.query('set session_replication_role = origin');
    },
    hex: (expression) => `lpad(to_hex(${expression}), 12, '0')`,
    close: () => client.end(),
  };
}

/** Spread over so many days: what really happened just now. */
const days = 90;
const dayMs = 86_400_000;

/**
 * Makes a fleet so many times as large, by copying its rows inside the database: what pages ask for is there in full, though a
 * copy's reports are not signed by the copy. What happened is spread over the last ninety days.
 */
export async function multiplyFleet(address: string, devices: number, times: number): Promise<void> {
  const raw = await openRaw(address);
  try {
    await raw.execute('begin');
    for (const table of ['transitions', 'state_changes']) {
      await raw.execute(`update ${table} set at = at - (number % ${days}) * ${dayMs}`);
    }
    // Nobody joined on the day on which everything was made.
    await raw.execute(`update organizations set created_at = created_at - ${days * dayMs}`);
    await raw.execute(`update policies set effective_from = effective_from - ${days * dayMs}`);
    await raw.execute(`update devices set enrolled_at = enrolled_at - ${days * dayMs}`);
    await raw.execute(`update reports set received_at = received_at - ${days * dayMs} where sequence = 1`);
    const own = async (table: string, but: readonly string[]) =>
      (await raw.columns(table)).filter((name) => !but.includes(name)).join(', ');
    const rest = await own('devices', ['number', 'id', 'label']);
    const copied = ['reports', 'findings', 'transitions', 'state_changes'];
    await raw.inBulk(['devices', ...copied], async () => {
      for (let copy = 1; copy < times; copy += 1) {
        const offset = copy * devices;
        const hex = raw.hex(`number + ${offset}`);
        await raw.execute(`insert into devices (number, id, label, ${rest})
          select number + ${offset}, substr(id, 1, 24) || ${hex}, 'D-' || upper(substr(${hex}, 5)), ${rest}
          from devices where number <= ${devices}`);
        for (const table of copied) {
          const columns = await own(table, ['number', 'device']);
          await raw.execute(`insert into ${table} (device, ${columns})
            select device + ${offset}, ${columns} from ${table} where device <= ${devices}`);
        }
      }
    });
    for (const table of ['finding_counts', 'state_counts', 'absent_counts']) {
      await raw.execute(`update ${table} set devices = devices * ${times}`);
    }
    const today = Math.floor(Date.now() / dayMs);
    for (let day = today - days; day < today; day += 1) {
      await raw.execute(`insert into daily_states (organization, day, state, devices)
        select organization, ${day}, state, devices from state_counts`);
    }
    await raw.execute('commit');
    // PostgreSQL does so by itself before long; SQLite is asked as it is.
    if (!address.startsWith('sqlite:')) await raw.execute('vacuum analyze');
  } finally {
    await raw.close();
  }
}
