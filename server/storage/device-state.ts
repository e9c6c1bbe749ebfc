import { type CompiledQuery, sql } from 'kysely';
import type { Machine } from '../../shared/machine.ts';
import { systemWords } from '../review/system.ts';
import { type Database, rowsOf, type Writing } from './database.ts';
import { storedStates } from './devices.ts';

const silent = storedStates.indexOf('silent');

/** What a report changes about its device, and what the next one of the group must follow. */
export interface DeviceState {
  readonly number: number;
  readonly organization: number;
  readonly revoked: boolean;
  readonly policy: { readonly id: string; readonly version: number };
  sequence: number;
  digest: Uint8Array | null;
  factsSequence: number | null;
  factsDigest: Uint8Array | null;
  receivedAt: number | null;
  takenAt: number | null;
  clockSkew: number;
  agent: string;
  /** As the database has it, and as a report now says it is. */
  readonly knownMachine: string;
  machine: Machine | undefined;
  divergedAt: number | null;
  judgeAt: number;
  changed: boolean;
}

/** The states of these devices, by internal key. */
export async function readStates(
  writing: Writing,
  devices: readonly number[],
): Promise<Map<number, DeviceState>> {
  const { rows } = await sql<{
    number: number;
    organization: number;
    revoked_at: number | null;
    version: number;
    policy: string;
    sequence: number;
    report_digest: Uint8Array | null;
    facts_sequence: number | null;
    facts_digest: Uint8Array | null;
    received_at: number | null;
    taken_at: number | null;
    clock_skew: number;
    agent: string;
    diverged_at: number | null;
    state: number;
    judge_at: number;
    platform: string;
    os_name: string;
    os_version: string | null;
    edition: string | null;
    desktop: string | null;
  }>`select d.number, d.organization, d.revoked_at, p.version, p.policy_id as policy, d.sequence, d.report_digest,
      d.facts_sequence, d.facts_digest, d.received_at, d.taken_at, d.clock_skew, d.agent, d.diverged_at, d.state, d.judge_at,
      d.platform, d.os_name, d.os_version, d.edition, d.desktop
    from ${rowsOf(
      writing,
      { number: 'integer' },
      devices.map((number) => ({ number })),
      'wanted',
    )}
    join devices d on d.number = wanted.number
    join organizations o on o.number = d.organization
    join policies p on p.organization = o.number and p.version = o.policy_version`.execute(writing);
  return new Map(
    rows.map((row) => [
      row.number,
      {
        number: row.number,
        organization: row.organization,
        revoked: row.revoked_at !== null,
        policy: { id: row.policy, version: row.version },
        sequence: row.sequence,
        digest: row.report_digest,
        factsSequence: row.facts_sequence,
        factsDigest: row.facts_digest,
        receivedAt: row.received_at,
        takenAt: row.taken_at,
        clockSkew: row.clock_skew,
        agent: row.agent,
        divergedAt: row.diverged_at,
        // Heard from again: what was said of its silence is no longer true.
        judgeAt: row.state === silent ? 0 : row.judge_at,
        knownMachine: [row.platform, row.os_name, row.os_version, row.edition, row.desktop].join('\n'),
        machine: undefined,
        changed: false,
      },
    ]),
  );
}

/** Writes a state back. `update` is the statement `compileUpdate` made. */
export async function writeState(writing: Writing, state: DeviceState, update: CompiledQuery): Promise<void> {
  await writing.executeQuery({
    ...update,
    parameters: [
      state.sequence,
      state.digest,
      state.receivedAt,
      state.takenAt,
      state.clockSkew,
      state.agent,
      state.factsSequence,
      state.factsDigest,
      state.divergedAt,
      state.judgeAt,
      state.number,
    ],
  } as CompiledQuery);
  const { machine } = state;
  if (machine === undefined) return;
  const words = [
    machine.platform,
    machine.osName,
    machine.osVersion ?? null,
    machine.edition ?? null,
    machine.desktop ?? null,
  ].join('\n');
  if (words === state.knownMachine) return;
  await writing
    .updateTable('devices')
    .set({
      platform: machine.platform,
      os_name: machine.osName,
      os_version: machine.osVersion ?? null,
      edition: machine.edition ?? null,
      desktop: machine.desktop ?? null,
      system: systemWords(machine),
    })
    .where('number', '=', state.number)
    .execute();
}

/** The statement that writes a state, worded once. */
export function compileUpdate(db: Database): CompiledQuery {
  return db
    .updateTable('devices')
    .set({
      sequence: 0,
      report_digest: null,
      received_at: 0,
      taken_at: 0,
      clock_skew: 0,
      agent: '',
      facts_sequence: 0,
      facts_digest: null,
      diverged_at: 0,
      judge_at: 0,
    })
    .where('number', '=', 0)
    .compile();
}
