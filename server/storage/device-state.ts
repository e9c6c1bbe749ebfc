import { sql } from 'kysely';
import type { Machine } from '../../shared/machine.ts';
import { systemWords } from '../review/system.ts';
import { type Database, statementOver, type Writing } from './database.ts';
import { storedStates } from './devices.ts';
import { rowUpdater } from './many-rows.ts';
import type { Judged } from './write-findings.ts';

const silent = storedStates.indexOf('silent');

/** What a report changes about its device, and what the next one of the group must follow. */
export interface DeviceState {
  readonly number: number;
  readonly organization: number;
  readonly revoked: boolean;
  /** Its holder asked that nothing of it be kept for now. */
  readonly restricted: boolean;
  readonly policy: { readonly id: string; readonly version: number };
  /** Revision of the organization's waivers in force. */
  readonly waivers: number;
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
  /** How it stands; see devices.ts and statuses.ts. */
  state: number;
  statuses: string;
  failing: string;
  unknown: string;
  judgedVersion: number;
  judgeAt: number;
  /** The last judgement of this group, where it says anything new. */
  judged: Judged | undefined;
  /** A report was kept. */
  reported: boolean;
  /** What is written only when it changes: every index on it costs. */
  readonly before: { readonly divergedAt: number | null; readonly judgeAt: number };
}

interface StateRow {
  readonly number: number;
  readonly organization: number;
  readonly revoked_at: number | null;
  readonly version: number;
  readonly policy: string;
  readonly sequence: number;
  readonly report_digest: Uint8Array | null;
  readonly facts_sequence: number | null;
  readonly facts_digest: Uint8Array | null;
  readonly received_at: number | null;
  readonly taken_at: number | null;
  readonly clock_skew: number;
  readonly agent: string;
  readonly diverged_at: number | null;
  readonly restricted: string | null;
  readonly state: number;
  readonly statuses: string;
  readonly failing: string;
  readonly unknown: string;
  readonly waiver_revision: number;
  readonly judged_version: number;
  readonly judge_at: number;
  readonly platform: string;
  readonly os_name: string;
  readonly os_version: string | null;
  readonly edition: string | null;
  readonly desktop: string | null;
}

/** Reads and writes the states of a group; the statements are worded once for a database. */
export function deviceStates(db: Database) {
  const read = statementOver(
    db,
    { number: 'integer' },
    (
      given,
    ) => sql<StateRow>`select d.number, d.organization, d.revoked_at, r.device as restricted, p.version, p.policy_id as policy, d.sequence,
      d.report_digest, d.facts_sequence, d.facts_digest, d.received_at, d.taken_at, d.clock_skew, d.agent, d.diverged_at,
      d.state, d.statuses, d.failing, d.unknown, d.judged_version, o.waiver_revision, d.judge_at, d.platform, d.os_name, d.os_version, d.edition, d.desktop
    from ${given}
    join devices d on d.number = given.number
    join organizations o on o.number = d.organization
    join policies p on p.organization = o.number and p.version = o.policy_version
    left join restrictions r on r.device = d.id`,
  );
  const writeReported = rowUpdater(db, 'devices', {
    sequence: 'integer',
    report_digest: 'bytes',
    received_at: 'integer',
    taken_at: 'integer',
    clock_skew: 'integer',
    agent: 'text',
    facts_sequence: 'integer',
    facts_digest: 'bytes',
  });
  const writeStanding = rowUpdater(db, 'devices', {
    state: 'integer',
    failing: 'text',
    unknown: 'text',
    statuses: 'text',
    judged_version: 'integer',
    judge_at: 'integer',
  });

  /** What changes rarely. */
  async function writeRest(writing: Writing, state: DeviceState): Promise<void> {
    const { judged, machine, divergedAt, judgeAt, before } = state;
    const due = state.reported && judged === undefined && judgeAt !== before.judgeAt;
    if (due || divergedAt !== before.divergedAt) {
      await writing
        .updateTable('devices')
        .set({ diverged_at: divergedAt, judge_at: judgeAt })
        .where('number', '=', state.number)
        .execute();
    }
    if (machine !== undefined && machineKey(machine) !== state.knownMachine) {
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
  }

  return {
    /** The states of these devices, by internal key. */
    async read(writing: Writing, devices: readonly number[]): Promise<Map<number, DeviceState>> {
      const rows = await read(
        writing,
        devices.map((number) => ({ number })),
      );
      return new Map(rows.map((row) => [row.number, stateOf(row)]));
    },
    /** Writes back what has changed. */
    async write(writing: Writing, states: readonly DeviceState[]): Promise<void> {
      await writeReported(
        writing,
        states
          .filter(({ reported }) => reported)
          .map((state) => ({
            number: state.number,
            sequence: state.sequence,
            report_digest: state.digest,
            received_at: state.receivedAt,
            taken_at: state.takenAt,
            clock_skew: state.clockSkew,
            agent: state.agent,
            facts_sequence: state.factsSequence,
            facts_digest: state.factsDigest,
          })),
      );
      await writeStanding(
        writing,
        states.flatMap(({ number, judged, failing, unknown, judgeAt }) =>
          judged === undefined
            ? []
            : [
                {
                  number,
                  state: storedStates.indexOf(judged.state),
                  failing,
                  unknown,
                  statuses: judged.statuses,
                  judged_version: judged.version,
                  judge_at: judgeAt,
                },
              ],
        ),
      );
      for (const state of states) await writeRest(writing, state);
    },
  };
}

export function judgeState(state: DeviceState, judged: Judged): void {
  const current = judged.version === state.policy.version && judged.waivers === state.waivers;
  const judgeAt = current ? judged.judgeAt.getTime() : 0;
  const stands = storedStates.indexOf(judged.state);
  const failing = judged.failing.join(',');
  const unknown = judged.unknown.join(',');
  const news =
    state.state !== stands ||
    state.statuses !== judged.statuses ||
    state.failing !== failing ||
    state.unknown !== unknown ||
    state.judgedVersion !== judged.version ||
    state.before.judgeAt !== judgeAt;
  state.state = stands;
  state.statuses = judged.statuses;
  state.failing = failing;
  state.unknown = unknown;
  state.judgedVersion = judged.version;
  // Seen to have diverged in this very group: the judgement did not know it yet.
  state.judgeAt = state.divergedAt === state.before.divergedAt ? judgeAt : 0;
  if (news) state.judged = judged;
}

function stateOf(row: StateRow): DeviceState {
  // Heard from again: what was said of its silence is no longer true.
  const judgeAt = row.state === silent ? 0 : row.judge_at;
  return {
    number: row.number,
    organization: row.organization,
    revoked: row.revoked_at !== null,
    restricted: row.restricted !== null,
    policy: { id: row.policy, version: row.version },
    waivers: row.waiver_revision,
    sequence: row.sequence,
    digest: row.report_digest,
    factsSequence: row.facts_sequence,
    factsDigest: row.facts_digest,
    receivedAt: row.received_at,
    takenAt: row.taken_at,
    clockSkew: row.clock_skew,
    agent: row.agent,
    divergedAt: row.diverged_at,
    state: row.state,
    statuses: row.statuses,
    failing: row.failing,
    unknown: row.unknown,
    judgedVersion: row.judged_version,
    judgeAt,
    knownMachine: [row.platform, row.os_name, row.os_version, row.edition, row.desktop].join('\n'),
    machine: undefined,
    judged: undefined,
    reported: false,
    before: { divergedAt: row.diverged_at, judgeAt: row.judge_at },
  };
}

const machineKey = ({ platform, osName, osVersion, edition, desktop }: Machine) =>
  [platform, osName, osVersion ?? null, edition ?? null, desktop ?? null].join('\n');
