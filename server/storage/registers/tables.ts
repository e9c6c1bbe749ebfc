/** The tables of the registers, as kysely sees them; see schema.ts for what all tables have in common. */
export interface RegisterTables {
  register_records: {
    id: string;
    organization: number;
    register: string;
    /** Counts the records of the register, from 1; never given out twice. */
    sequence: number;
    title: string;
    state: string;
    /** 1 when nothing more is to be done. */
    closed: number;
    /** Rises with every change; whoever changes it says which one they saw. */
    version: number;
    /** What is not about people, as JSON. */
    document: string;
    /** When the first of its running clocks runs out; `never` where none runs. */
    due_at: number;
    /** What is due then, in words; empty where nothing is. */
    due: string;
    /** Clocks that were met too late. */
    missed: number;
    created_at: number;
    created_by: string;
    updated_at: number;
    closed_at: number | null;
    /** When it is to be deleted; null while it is open. */
    purge_at: number | null;
  };
  register_events: {
    record: string;
    version: number;
    organization: number;
    register: string;
    at: number;
    actor: string;
    /** `create`, `change`, or the id of a step. */
    action: string;
    /** How the record stood from then on. */
    state: string;
    closed: number;
    due_at: number;
    missed: number;
    /** Field to before and after, as JSON; of a personal field only that it changed. */
    changes: string;
  };
  register_counters: {
    organization: number;
    register: string;
    last: number;
  };
  register_links: {
    record: string;
    field: string;
    target: string;
    organization: number;
  };
}

/** Later than every moment there is: what has no due time sorts behind what has one. */
export const never = 8_640_000_000_000_000;
