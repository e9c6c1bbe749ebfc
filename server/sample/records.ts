import { moveRecord, openRecord, readRecord } from '../registers/desk.ts';
import type { Values } from '../registers/field.ts';
import { registerById } from '../registers/index.ts';
import type { Actor } from '../storage/audit.ts';
import type { Organization } from '../storage/organizations.ts';
import type { Stores } from '../storage/stores.ts';

const hour = 3_600_000;
const day = 24 * hour;

interface SampleRecord {
  readonly register: string;
  /** How long ago it was written down. */
  readonly age: number;
  readonly values: (madeAt: Date) => Values;
  readonly steps?: readonly {
    readonly step: string;
    readonly after: number;
    readonly values?: (at: Date) => Values;
    /** By the second person. */
    readonly second?: boolean;
  }[];
}

const date = (at: Date) => at.toISOString().slice(0, 10);
const breach = (summary: string, cause: string, facts: string) => (at: Date) => ({
  summary,
  kinds: ['confidentiality'],
  cause,
  discoveredAt: new Date(at.getTime() - 2 * hour).toISOString(),
  becameAwareAt: new Date(at.getTime() - hour).toISOString(),
  role: 'controller',
  jurisdictions: ['eu'],
  facts,
});

/** A little of everything: done in time, running, and overdue. */
const samples: readonly SampleRecord[] = [
  {
    register: 'breaches',
    age: 40 * day,
    values: breach(
      'Invoices sent to the wrong client',
      'wrong-recipient',
      'Three invoices went to another client.',
    ),
    steps: [
      {
        step: 'decide',
        after: 5 * hour,
        values: () => ({ risk: 'risk', riskReason: 'Amounts and addresses were read.' }),
      },
      {
        step: 'tell-authority',
        after: 26 * hour,
        values: (at) => ({ authority: 'The authority', notifiedAt: at.toISOString() }),
      },
      {
        step: 'close',
        after: 9 * day,
        values: () => ({ lessons: 'Addresses are no longer completed by the mail program.' }),
      },
    ],
  },
  {
    register: 'breaches',
    age: 30 * hour,
    values: breach(
      'Laptop left on a train',
      'lost-device',
      'It was locked; the last report says its disk is encrypted.',
    ),
  },
  {
    register: 'requests',
    age: 2 * day,
    values: (at) => ({
      kind: 'access',
      receivedOn: date(at),
      channel: 'mail',
      jurisdiction: 'eu',
      person: 'Somebody made up',
      words: 'What do you hold about me?',
    }),
  },
  {
    register: 'suppliers',
    age: 380 * day,
    values: () => ({
      name: 'Sandstone Backups',
      service: 'Copies of the file server',
      kind: 'backup',
      owner: 'Operations',
      country: 'Ireland',
      data: ['Files of projects', 'Payroll'],
    }),
    steps: [
      {
        step: 'approve',
        after: day,
        second: true,
        values: () => ({ evaluation: 'Certificate and contract seen.' }),
      },
    ],
  },
  {
    register: 'suppliers',
    age: 3 * day,
    values: () => ({
      name: 'Quick Notes',
      service: 'Notes of meetings',
      kind: 'cloud',
      owner: 'Sales',
      country: 'United States',
      data: ['Names of clients'],
    }),
  },
  {
    register: 'reviews',
    age: 70 * day,
    values: () => ({
      what: 'Restore a backup and read a file',
      everyMonths: 3,
      interval: 'CIS Controls 11.5',
      owner: 'IT contractor',
    }),
  },
];

/** Puts the sample records into a made-up company's registers, as if they had been written down then. */
export async function seedRecords(
  stores: Stores,
  { number }: Organization,
  { contractor, reviewer }: { readonly contractor: Actor; readonly reviewer: Actor },
  now: Date,
): Promise<void> {
  for (const { register: id, age, values, steps = [] } of samples) {
    const register = registerById(id);
    if (register === undefined) throw new Error(`there is no register ${id}`);
    const madeAt = new Date(now.getTime() - age);
    const by = (actor: Actor) => ({
      organization: number,
      author: { actor, person: actor },
      may: ['registers.read', 'registers.write', 'registers.approve'] as const,
    });
    const record = await openRecord(stores, register, values(madeAt), by(contractor), madeAt);
    for (const { step, after, values: asked, second } of steps) {
      const at = new Date(madeAt.getTime() + after);
      const full = await readRecord(stores, register, number, record.id);
      if (full === undefined) throw new Error('a sample record is gone');
      await moveRecord(
        stores,
        register,
        full,
        step,
        asked?.(at) ?? {},
        by(second === true ? reviewer : contractor),
        at,
      );
    }
  }
}
