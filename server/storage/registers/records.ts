import type { RecordSort } from '../../pages/registers/addresses.ts';
import {
  type Author,
  RecordChanged,
  type RecordEvent,
  type RecordWrite,
  type RegisterRecord,
} from '../../registers/record.ts';
import { type RegisterCoverage, registerCoverage } from '../../review/registers.ts';
import type { Database } from '../database.ts';
import type { RegisterPersonalStore } from '../people/register-personal.ts';
import { keepApproval } from './device-approvals.ts';
import { keepEvent, type RecordThen, standings } from './record-events.ts';
import { columnsOf, recordOf } from './record-rows.ts';

export type { RecordThen };

/** Which records of a register, and in what order. */
export interface RecordFilter {
  /** Looked for in the title. */
  readonly search: string;
  /** A state of the register, `open`, `overdue`, or all of them. */
  readonly state: string | null;
  readonly sort: RecordSort;
  readonly descending: boolean;
}

/** A record another one points at, or that points at it. */
export interface LinkedRecord {
  readonly field: string;
  readonly record: RegisterRecord;
}

export interface RecordStore {
  list(
    organization: number,
    register: string,
    filter: RecordFilter,
    at: Date,
    limit: number,
    offset: number,
  ): Promise<readonly RegisterRecord[]>;
  count(organization: number, register: string, filter: RecordFilter, at: Date): Promise<number>;
  /** In the order they were made, behind a number. */
  after(
    organization: number,
    register: string,
    sequence: number,
    limit: number,
  ): Promise<readonly RegisterRecord[]>;
  byId(organization: number, register: string, id: string): Promise<RegisterRecord | undefined>;
  /** Those of them that belong to the organization. */
  byIds(organization: number, ids: readonly string[]): Promise<readonly RegisterRecord[]>;
  /** Oldest first. */
  history(organization: number, record: string): Promise<readonly RecordEvent[]>;
  /** What the record points at. */
  targets(organization: number, record: string): Promise<readonly LinkedRecord[]>;
  /** What points at the record. */
  sources(organization: number, record: string): Promise<readonly LinkedRecord[]>;
  /** Open records whose first clock runs out before a moment, the longest overdue first. */
  due(
    organization: number,
    before: Date,
    limit: number,
    /** Behind this one. */
    after?: { readonly at: Date; readonly id: string },
  ): Promise<readonly RegisterRecord[]>;
  dueCount(organization: number, before: Date): Promise<number>;
  /** How every register stood at a moment, that is: by what had happened until then. */
  coverage(organization: number, at: Date): Promise<ReadonlyMap<string, RegisterCoverage>>;
  /** The same record by record, with its id. */
  standings(organization: number, at: Date): Promise<readonly RecordThen[]>;
  insert(
    to: { readonly id: string; readonly organization: number; readonly register: string },
    write: RecordWrite,
    author: Author,
    at: Date,
  ): Promise<RegisterRecord>;
  /** Changes the version that was seen. Throws RecordChanged where it is no longer the newest. */
  update(seen: RegisterRecord, write: RecordWrite, author: Author, at: Date): Promise<RegisterRecord>;
}

export function recordStore(db: Database, personal: RegisterPersonalStore): RecordStore {
  const records = () => db.selectFrom('register_records').selectAll();

  function found(organization: number, register: string, { search, state }: RecordFilter, at: Date) {
    return db
      .selectFrom('register_records')
      .where('organization', '=', organization)
      .where('register', '=', register)
      .$if(search !== '', (query) =>
        query.where((where) =>
          where(
            where.fn<string>('lower', ['title']),
            'like',
            `%${search.toLowerCase().replace(/[%_\\]/g, '')}%`,
          ),
        ),
      )
      .$if(state === 'open', (query) => query.where('closed', '=', 0))
      .$if(state === 'overdue', (query) => query.where('due_at', '<', at.getTime()))
      .$if(state !== null && state !== 'open' && state !== 'overdue', (query) =>
        query.where('state', '=', state as string),
      );
  }

  async function linked(organization: number, record: string, from: 'record' | 'target') {
    const rows = await db
      .selectFrom('register_links')
      .innerJoin(
        'register_records',
        'register_records.id',
        from === 'record' ? 'register_links.target' : 'register_links.record',
      )
      .selectAll('register_records')
      .select('register_links.field')
      .where('register_links.organization', '=', organization)
      .where(`register_links.${from}`, '=', record)
      .orderBy('register_records.register')
      .orderBy('register_records.sequence')
      .execute();
    return rows.map((row) => ({ field: row.field, record: recordOf(row) }));
  }

  return {
    async list(organization, register, filter, at, limit, offset) {
      const direction = filter.descending ? 'desc' : 'asc';
      const column = {
        due: 'due_at',
        reference: 'sequence',
        title: 'title',
        state: 'state',
        updated: 'updated_at',
      } as const;
      const rows = await found(organization, register, filter, at)
        .selectAll()
        .orderBy(column[filter.sort], direction)
        .orderBy('sequence', filter.sort === 'reference' ? direction : 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return rows.map(recordOf);
    },
    async count(organization, register, filter, at) {
      const { total } = await found(organization, register, filter, at)
        .select((select) => select.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    async after(organization, register, sequence, limit) {
      const rows = await records()
        .where('organization', '=', organization)
        .where('register', '=', register)
        .where('sequence', '>', sequence)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async byId(organization, register, id) {
      const row = await records()
        .where('id', '=', id)
        .where('organization', '=', organization)
        .where('register', '=', register)
        .executeTakeFirst();
      return row && recordOf(row);
    },
    async byIds(organization, ids) {
      if (ids.length === 0) return [];
      const rows = await records()
        .where('id', 'in', [...ids])
        .where('organization', '=', organization)
        .execute();
      return rows.map(recordOf);
    },
    async history(organization, record) {
      const rows = await db
        .selectFrom('register_events')
        .selectAll()
        .where('record', '=', record)
        .where('organization', '=', organization)
        .orderBy('version')
        .execute();
      return rows.map(({ version, at, actor, action, state, changes }) => ({
        version,
        at: new Date(at),
        actor,
        action,
        state,
        changes: JSON.parse(changes) as RecordEvent['changes'],
      }));
    },
    targets: (organization, record) => linked(organization, record, 'record'),
    sources: (organization, record) => linked(organization, record, 'target'),
    async due(organization, before, limit, after) {
      const rows = await records()
        .where('organization', '=', organization)
        .where('due_at', '<', before.getTime())
        .$if(after !== undefined, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('due_at', 'id'), '>', tuple(after?.at.getTime() ?? 0, after?.id ?? '')),
          ),
        )
        .orderBy('due_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(recordOf);
    },
    async dueCount(organization, before) {
      const { total } = await db
        .selectFrom('register_records')
        .select((select) => select.fn.countAll<number>().as('total'))
        .where('organization', '=', organization)
        .where('due_at', '<', before.getTime())
        .executeTakeFirstOrThrow();
      return Number(total);
    },
    async coverage(organization, at) {
      return registerCoverage(await standings(db, organization, at), at);
    },
    standings: (organization, at) => standings(db, organization, at),
    insert: ({ id, organization, register }, write, author, at) =>
      db.transaction().execute(async (writing) => {
        const { last } = await writing
          .insertInto('register_counters')
          .values({ organization, register, last: 1 })
          .onConflict((conflict) =>
            conflict
              .columns(['organization', 'register'])
              .doUpdateSet((set) => ({ last: set('register_counters.last', '+', 1) })),
          )
          .returning('last')
          .executeTakeFirstOrThrow();
        const row = {
          id,
          organization,
          register,
          sequence: last,
          version: 1,
          created_at: at.getTime(),
          created_by: author.person,
          ...columnsOf(write, at),
        };
        await writing.insertInto('register_records').values(row).execute();
        await keepEvent(writing, row, write, author, at);
        await keepApproval(writing, row);
        if (write.personal !== undefined) await personal.write(organization, id, 1, write.personal);
        return recordOf(row);
      }),
    async update(seen, write, author, at) {
      const changed = await db.transaction().execute(async (writing) => {
        const row = await writing
          .updateTable('register_records')
          .set({ ...columnsOf(write, at), version: seen.version + 1 })
          .where('id', '=', seen.id)
          .where('organization', '=', seen.organization)
          .where('version', '=', seen.version)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw new RecordChanged('the record was changed in the meantime');
        await keepEvent(writing, row, write, author, at);
        await keepApproval(writing, row);
        if (row.title !== seen.title) await keepApproval(writing, seen);
        if (write.personal !== undefined) {
          await personal.write(row.organization, row.id, row.version, write.personal);
        }
        return recordOf(row);
      });
      if (write.personal !== undefined) await personal.forget(changed.id, changed.version);
      return changed;
    },
  };
}
