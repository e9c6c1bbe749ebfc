import { describe, expect, it } from 'vitest';
import { endOf } from '../../../server/registers/calendar.ts';
import { readClocks } from '../../../server/registers/clock.ts';
import {
  beginRecord,
  changeRecord,
  type FullRecord,
  occurrenceOf,
  RegisterRefusal,
  stepRecord,
} from '../../../server/registers/engine.ts';
import type { Values } from '../../../server/registers/field.ts';
import { registerById } from '../../../server/registers/index.ts';
import type { RecordWrite } from '../../../server/registers/record.ts';
import type { Register } from '../../../server/registers/register.ts';

const find = (id: string): Register => {
  const register = registerById(id);
  if (register === undefined) throw new Error(`no register ${id}`);
  return register;
};
const at = (text: string) => new Date(text);

/** A record in memory, taken through its steps as the store would keep it. */
class Kept {
  readonly register: Register;
  full: FullRecord;

  constructor(id: string, values: Values, created: string) {
    this.register = find(id);
    this.full = this.#after(beginRecord(this.register, values, at(created)), at(created), undefined);
  }

  #after(write: RecordWrite, moment: Date, before: FullRecord | undefined, actor = 'user:one'): FullRecord {
    const version = (before?.record.version ?? 0) + 1;
    return {
      record: {
        id: 'x',
        organization: 1,
        register: this.register.id,
        sequence: 1,
        version,
        createdAt: before?.record.createdAt ?? moment,
        createdBy: 'user:one',
        updatedAt: moment,
        ...write,
      },
      personal: write.personal ?? before?.personal ?? {},
      history: [
        ...(before?.history ?? []),
        {
          version,
          at: moment,
          actor,
          action: write.event.action,
          state: write.state,
          changes: write.event.changes,
        },
      ],
    };
  }

  change(values: Values, when: string) {
    const given = { ...this.full.record.values, ...this.full.personal, ...values };
    this.full = this.#after(changeRecord(this.register, this.full, given, at(when)), at(when), this.full);
    return this;
  }

  step(id: string, values: Values, when: string, actor: `user:${string}` = 'user:one') {
    const transition = this.register.transitions.find((one) => one.id === id);
    if (transition === undefined) throw new Error(`no step ${id}`);
    const write = stepRecord(this.register, this.full, transition, values, actor, at(when));
    this.full = this.#after(write, at(when), this.full, actor);
    return this;
  }

  clock(id: string, when: string) {
    return readClocks(this.register, occurrenceOf(this.register, this.full), at(when)).find(
      (clock) => clock.id === id,
    );
  }
}

/** What a step or change was refused for, by field. */
function refusal(work: () => unknown): Readonly<Record<string, string>> & { readonly message?: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof RegisterRefusal) return { message: error.message, ...error.fields };
    throw error;
  }
  return {};
}

describe('periods', () => {
  it.each([
    ['2026-01-31T10:00:00Z', { months: 1 }, '2026-02-28T23:59:59.999Z'],
    ['2028-01-31T10:00:00Z', { months: 1 }, '2028-02-29T23:59:59.999Z'],
    ['2026-11-30T00:00:00Z', { months: 3 }, '2027-02-28T23:59:59.999Z'],
    ['2026-11-21T10:00:00Z', { hours: 72 }, '2026-11-24T10:00:00.000Z'],
    ['2024-02-29T00:00:00Z', { years: 1 }, '2025-02-28T23:59:59.999Z'],
    ['2026-03-01T23:59:00Z', { days: 30 }, '2026-03-31T23:59:59.999Z'],
  ] as const)('%s and %o end at %s', (start, period, end) => {
    expect(endOf(at(start), period).toISOString()).toBe(end);
  });
});

const breach = {
  summary: 'Laptop left on a train',
  kinds: ['confidentiality'],
  cause: 'lost-device',
  discoveredAt: '2026-03-02T08:00:00.000Z',
  becameAwareAt: '2026-03-02T09:00:00.000Z',
  role: 'controller',
  jurisdictions: ['eu'],
} as const;

describe('a breach', () => {
  it('has 72 hours from being certain, weekend or not', () => {
    const kept = new Kept('breaches', breach, '2026-03-02T09:30:00Z');
    expect(kept.clock('authority', '2026-03-04T02:00:00Z')).toMatchObject({
      standing: 'running',
      dueAt: at('2026-03-05T09:00:00Z'),
    });
    expect(kept.clock('authority', '2026-03-05T09:00:00.001Z')?.standing).toBe('late');
    expect(kept.full.record.dueAt).toEqual(at('2026-03-05T09:00:00Z'));
  });

  it('needs no notice where a risk is unlikely, and says why; POPIA asks for one all the same', () => {
    const kept = new Kept('breaches', breach, '2026-03-02T09:30:00Z');
    expect(refusal(() => kept.step('decide', { risk: 'unlikely' }, '2026-03-02T11:00:00Z'))).toHaveProperty(
      'riskReason',
    );
    kept.step('decide', { risk: 'unlikely', riskReason: 'The disk was encrypted.' }, '2026-03-02T11:00:00Z');
    expect(kept.clock('authority', '2026-03-09T00:00:00Z')).toBeUndefined();
    expect(kept.full.record.dueAt).toBeNull();

    const south = new Kept('breaches', { ...breach, jurisdictions: ['za'] }, '2026-03-02T09:30:00Z');
    south.step('decide', { risk: 'unlikely', riskReason: 'The disk was encrypted.' }, '2026-03-02T11:00:00Z');
    expect(south.clock('authority', '2026-03-09T00:00:00Z')?.standing).toBe('late');
    expect(refusal(() => south.step('close', { lessons: 'None.' }, '2026-03-09T00:00:00Z'))).toMatchObject({
      notifiedAt: expect.any(String),
      peopleToldAt: expect.any(String),
    });
  });

  it('told late takes the reason for the delay, and stays late in the books', () => {
    const kept = new Kept('breaches', breach, '2026-03-02T09:30:00Z');
    const told = { authority: 'ICO', notifiedAt: '2026-03-06T09:00:00.000Z' };
    expect(refusal(() => kept.step('tell-authority', told, '2026-03-06T10:00:00Z'))).toHaveProperty(
      'delayReason',
    );
    kept.step(
      'tell-authority',
      { ...told, delayReason: 'The loss was reported over a weekend.' },
      '2026-03-06T10:00:00Z',
    );
    expect(kept.clock('authority', '2026-03-07T00:00:00Z')?.standing).toBe('met-late');
    expect(kept.full.record.missed).toBe(1);
  });

  it('of a high risk is not closed before the people were told, or a reason of Art. 34(3) is given', () => {
    const kept = new Kept('breaches', breach, '2026-03-02T09:30:00Z');
    kept
      .step('decide', { risk: 'high', riskReason: 'Health data.' }, '2026-03-02T11:00:00Z')
      .step(
        'tell-authority',
        { authority: 'ICO', notifiedAt: '2026-03-03T09:00:00.000Z' },
        '2026-03-03T10:00:00Z',
      );
    expect(kept.clock('people', '2026-03-03T12:00:00Z')?.standing).toBe('running');
    expect(refusal(() => kept.step('close', { lessons: 'None.' }, '2026-03-04T00:00:00Z'))).toHaveProperty(
      'peopleToldAt',
    );
    kept
      .change({ exemption: 'encrypted' }, '2026-03-04T01:00:00Z')
      .step('close', { lessons: 'None.' }, '2026-03-04T02:00:00Z');
    expect(kept.full.record).toMatchObject({ closed: true, dueAt: null });
    expect(kept.full.record.purgeAt).toEqual(at('2031-03-04T23:59:59.999Z'));
  });

  it('in South Africa is not closed before the people were told, whatever the law elsewhere lets pass', () => {
    const told = { authority: 'Both', notifiedAt: '2026-03-03T09:00:00.000Z' };
    const risk = { risk: 'high', riskReason: 'Health data.' };
    const kept = new Kept('breaches', { ...breach, jurisdictions: ['eu', 'za'] }, '2026-03-02T09:30:00Z')
      .step('decide', risk, '2026-03-02T11:00:00Z')
      .step('tell-authority', told, '2026-03-03T10:00:00Z')
      .change({ exemption: 'encrypted' }, '2026-03-03T11:00:00Z');
    expect(kept.clock('people', '2026-03-03T12:00:00Z')?.standing).toBe('running');
    const close = () => kept.step('close', { lessons: 'None.' }, '2026-03-04T00:00:00Z');
    expect(refusal(close)).toHaveProperty('peopleToldAt');
    kept.step('tell-people', { peopleToldAt: '2026-03-03T20:00:00.000Z' }, '2026-03-03T21:00:00Z');
    expect(close().full.record.closed).toBe(true);

    const alone = new Kept('breaches', { ...breach, jurisdictions: ['za'] }, '2026-03-02T09:30:00Z');
    alone.step('decide', risk, '2026-03-02T11:00:00Z');
    expect(refusal(() => alone.change({ exemption: 'encrypted' }, '2026-03-03T00:00:00Z'))).toHaveProperty(
      'exemption',
    );
  });

  it('of a client’s data goes to the client, not to the authority', () => {
    const kept = new Kept('breaches', { ...breach, role: 'processor' }, '2026-03-02T09:30:00Z');
    expect(kept.clock('authority', '2026-03-03T00:00:00Z')).toBeUndefined();
    expect(kept.clock('client', '2026-03-03T00:00:00Z')?.dueAt).toEqual(at('2026-03-03T09:00:00Z'));
  });
});

const request = {
  kind: 'access',
  receivedOn: '2026-01-31',
  channel: 'spoken',
  jurisdiction: 'uk',
  person: 'Naledi Phiri',
} as const;

describe('a request', () => {
  it('is due after a calendar month, or 30 days where those are fewer', () => {
    const winter = new Kept('requests', request, '2026-01-31T12:00:00Z');
    expect(winter.clock('answer', '2026-01-31T12:00:00Z')?.dueAt).toEqual(at('2026-02-28T23:59:59.999Z'));
    expect(winter.full.record).toMatchObject({ due: 'Take it up', dueAt: at('2026-02-03T23:59:59.999Z') });
    const summer = new Kept('requests', { ...request, receivedOn: '2026-07-10' }, '2026-07-10T12:00:00Z');
    expect(summer.clock('answer', '2026-07-10T12:00:00Z')?.dueAt).toEqual(at('2026-08-09T23:59:59.999Z'));
  });

  it('gets two more months when the person was told within the first, and not afterwards', () => {
    const kept = new Kept('requests', request, '2026-01-31T12:00:00Z');
    expect(
      refusal(() =>
        kept.step(
          'extend',
          { extensionReason: 'Many systems.', extendedOn: '2026-03-02' },
          '2026-03-02T00:00:00Z',
        ),
      ),
    ).toHaveProperty('extendedOn');
    kept.step(
      'extend',
      { extensionReason: 'Many systems.', extendedOn: '2026-02-20' },
      '2026-02-20T00:00:00Z',
    );
    expect(kept.full.record.dueAt).toEqual(at('2026-04-30T23:59:59.999Z'));
  });

  it('stands still while the person is asked something', () => {
    const kept = new Kept('requests', request, '2026-01-31T12:00:00Z');
    kept.step('pause', { pauseReason: 'identity' }, '2026-02-03T00:00:00Z');
    expect(kept.full.record.dueAt).toBeNull();
    expect(kept.clock('answer', '2026-05-01T00:00:00Z')?.standing).toBe('paused');
    kept.step('resume', {}, '2026-02-08T00:00:00Z');
    expect(kept.full.record.dueAt).toEqual(at('2026-03-05T23:59:59.999Z'));
  });

  it('is not refused without a ground, nor an erasure done without one', () => {
    const kept = new Kept('requests', { ...request, kind: 'erasure' }, '2026-01-31T12:00:00Z');
    expect(refusal(() => kept.step('refuse', {}, '2026-02-01T00:00:00Z'))).toHaveProperty('refusal');
    kept.step('identify', { identity: 'known' }, '2026-02-01T00:00:00Z');
    expect(
      refusal(() =>
        kept.step('answer', { outcome: 'Done.', answeredOn: '2026-02-02' }, '2026-02-02T00:00:00Z'),
      ),
    ).toHaveProperty('ground');
  });

  it('keeps what it says about people out of the record and out of its history', () => {
    const kept = new Kept(
      'requests',
      { ...request, words: 'What do you hold about me?' },
      '2026-01-31T12:00:00Z',
    );
    kept.change({ person: 'Naledi Mokoena' }, '2026-02-01T00:00:00Z');
    expect(kept.full.personal).toMatchObject({ person: 'Naledi Mokoena' });
    expect(kept.full.history.at(-1)?.changes).toEqual({ person: null });
    expect(JSON.stringify([kept.full.record.values, kept.full.record.title, kept.full.history])).not.toMatch(
      /Naledi|hold about me/,
    );
  });
});

describe('a supplier', () => {
  const supplier = {
    name: 'Drop Box',
    service: 'File storage',
    kind: 'cloud',
    owner: 'Operations',
    country: 'Ireland',
    data: ['Project files'],
  } as const;

  it('is approved by somebody who neither made nor changed the record', () => {
    const kept = new Kept('suppliers', supplier, '2026-01-10T12:00:00Z');
    const approve = (actor: `user:${string}`) =>
      kept.step('approve', { evaluation: 'ISO 27001 seen.' }, '2026-01-11T12:00:00Z', actor);
    expect(refusal(() => approve('user:one')).message).toMatch(/second person/i);
    expect(approve('user:two').full.record.state).toBe('approved');
  });

  it('comes up for review a year after the last one', () => {
    const kept = new Kept('suppliers', supplier, '2026-01-10T12:00:00Z');
    kept.step('approve', { evaluation: 'ISO 27001 seen.' }, '2026-01-11T12:00:00Z', 'user:two');
    expect(kept.full.record).toMatchObject({ due: 'Review', dueAt: at('2027-01-11T23:59:59.999Z') });
    kept.step('review', {}, '2027-02-01T00:00:00Z');
    expect(kept.full.record.dueAt).toEqual(at('2028-02-01T23:59:59.999Z'));
  });
});

it('refuses what the schema does not know, naming the field and never the value', () => {
  const wrong = refusal(
    () => new Kept('breaches', { ...breach, cause: 'S3CRET', summary: '' }, '2026-03-02T09:30:00Z'),
  );
  expect(wrong).toMatchObject({ cause: 'Choose one.', summary: 'Fill this in.' });
  expect(JSON.stringify(wrong)).not.toContain('S3CRET');
});
