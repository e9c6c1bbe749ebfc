import { type Kysely, sql } from 'kysely';
import { isPostgres } from './dialect.ts';

/** A table as the database itself describes it. */
export interface Table {
  readonly name: string;
  /** In the order of their names, so that both databases agree on it. */
  readonly columns: readonly string[];
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
  /** Numbers of this column are given by a sequence of its own, which has to go on behind the highest one. */
  readonly sequence: string | undefined;
}

interface ColumnRow {
  readonly table: string;
  readonly column: string;
  /** Place in the primary key, from 1; 0 outside of it. */
  readonly key: number;
  /** 1 where a sequence gives its numbers. */
  readonly generated: number;
}

interface Reference {
  readonly child: string;
  readonly parent: string;
}

const sqliteColumns = sql<ColumnRow>`select t.name as "table", c.name as "column", c.pk as "key", 0 as generated
  from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%'`;
const sqliteReferences = sql<Reference>`select t.name as child, f."table" as parent
  from sqlite_schema t join pragma_foreign_key_list(t.name) f where t.type = 'table'`;

const postgresColumns = sql<ColumnRow>`select c.relname as "table", a.attname as "column",
    coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0) as "key", (a.attidentity <> '')::int as generated
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_index i on i.indrelid = c.oid and i.indisprimary
  where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace`;
const postgresReferences = sql<Reference>`select c.relname as child, p.relname as parent
  from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class p on p.oid = f.confrelid
  where f.contype = 'f' and c.relnamespace = current_schema()::regnamespace`;

/** The table that says which migrations were run: not part of what is remembered. */
const bookkeeping = 'migrations';

/** Every table with what the collector remembers, so that none comes before one it refers to. */
export async function readCatalog<S>(db: Kysely<S>): Promise<readonly Table[]> {
  const postgres = isPostgres(db);
  const { rows: columns } = await (postgres ? postgresColumns : sqliteColumns).execute(db);
  const { rows: references } = await (postgres ? postgresReferences : sqliteReferences).execute(db);
  const names = [...new Set(columns.map(({ table }) => table))].filter((name) => name !== bookkeeping).sort();
  return parentsFirst(names, references).map((name) => {
    const own = columns.filter(({ table }) => table === name);
    return {
      name,
      columns: own.map(({ column }) => column).sort(),
      key: own
        .filter(({ key }) => key > 0)
        .toSorted((a, b) => a.key - b.key)
        .map(({ column }) => column),
      sequence: own.find(({ generated }) => generated === 1)?.column,
    };
  });
}

function parentsFirst(names: readonly string[], references: readonly Reference[]): readonly string[] {
  const ordered: string[] = [];
  let left = names;
  while (left.length > 0) {
    const ready = left.filter((name) =>
      references.every(({ child, parent }) => child !== name || parent === name || !left.includes(parent)),
    );
    if (ready.length === 0) throw new Error('tables refer to each other in a circle');
    ordered.push(...ready);
    left = left.filter((name) => !ready.includes(name));
  }
  return ordered;
}
