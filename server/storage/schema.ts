import type { Generated } from 'kysely';
import type { AccessSchema } from './access-schema.ts';
import type { AlertTables } from './alert-tables.ts';
import type { AttestationTables } from './attestations/tables.ts';
import type { PrivacyTables } from './privacy/tables.ts';
import type { RegisterTables } from './registers/tables.ts';
import type { StaffTables } from './staff/tables.ts';
import type { WaiverTables } from './waiver-tables.ts';

/**
 * The tables, as kysely sees them. Moments are milliseconds since 1970, digests raw bytes, `number` an internal key that never
 * leaves the collector. Both databases hold the same values.
 */
export interface Schema
  extends AccessSchema,
    AlertTables,
    AttestationTables,
    PrivacyTables,
    RegisterTables,
    StaffTables,
    WaiverTables {
  organizations: {
    number: Generated<number>;
    id: string;
    name: string;
    /** Whom staff can ask about their data; shown in the notice before enrollment. */
    contact: string;
    /** Version of the policy in force; rises only. */
    policy_version: number;
    /** 1 where whoever signs in with a password needs a second factor. */
    second_factor_required: Generated<number>;
    /** Rises with every change of what is waived. */
    waiver_revision: Generated<number>;
    created_at: number;
    /** 1 where everything in it was made up for a demonstration. */
    sample: Generated<number>;
  };
  policies: {
    organization: number;
    version: number;
    policy_id: string;
    /** The policy as it travels (`PolicyDocument`), canonical JSON. */
    document: string;
    published_at: number;
    published_by: string;
    /** When it came or comes into force. */
    effective_from: number;
    /** Why it was published, in the publisher's words. */
    reason: string;
    /** When it was taken back before it came into force. */
    withdrawn_at: number | null;
  };
  /** Published, and waiting for its day; at most one an organization. */
  scheduled_policies: {
    organization: number;
    version: number;
    effective_from: number;
  };
  policy_drafts: {
    organization: number;
    /** Rises with every change, so that nobody overwrites what somebody else has just done. */
    edit: number;
    /** The version in force when the draft was begun. */
    based_on: number;
    /** As a published policy (`PolicyDocument`), canonical JSON. */
    document: string;
    edited_at: number;
    edited_by: string;
  };
  enrollments: {
    /** SHA-256 of the code: the code itself is nowhere kept. */
    digest: Uint8Array;
    organization: number;
    /** Whose machines it is for, as the person who made the token said. */
    owner: string;
    created_at: number;
    created_by: string;
    expires_at: number;
    used_at: number | null;
    device: number | null;
  };
  devices: {
    number: Generated<number>;
    id: string;
    organization: number;
    /** Pseudonym, random: `D-7K3F9Q2M`. */
    label: string;
    asset_tag: string | null;
    owner: string;
    /** Reference of the agreement with the contractor whose machine it is; empty where none is on record. */
    agreement: Generated<string>;
    /** What the register of approvals says of it, as JSON (`DeviceApproval`); null where it says nothing. Kept up with the register. */
    approval: Generated<string | null>;
    public_key: Uint8Array;
    enrolled_at: number;
    notice_version: string;
    revoked_at: number | null;
    /** Until when nobody expects to hear from it; a moment that has passed means nothing. */
    leave_until: Generated<number | null>;
    platform: string;
    os_name: string;
    os_version: string | null;
    edition: string | null;
    desktop: string | null;
    /** The system in words, for lists: `Ubuntu 24.04`. */
    system: string;
    agent: string;
    /** Of the last report that was kept. */
    sequence: number;
    report_digest: Uint8Array | null;
    received_at: number | null;
    /** The newest moment that a report of it stood for; one that follows stands for no earlier one. */
    taken_at: number | null;
    /** Device's clock minus ours in seconds, as far as a report proved it. */
    clock_skew: number;
    /** The last report that brought facts, and their digest. */
    facts_sequence: number | null;
    facts_digest: Uint8Array | null;
    /** When a second machine was seen to use this device's key. */
    diverged_at: number | null;
    /** When it must be judged again though nothing was reported: dates pass, policies change, silence grows. 0 = now. */
    judge_at: number;
    judged_version: number;
    /** 0 failing, 1 unknown, 2 silent, 3 compliant, 4 on leave: what needs a person comes first. */
    state: number;
    /** Ids of enforced checks that fail or are unknown, worst first, separated by commas. */
    failing: string;
    unknown: string;
    /** Every finding's status in short, to see at a glance what a report changes; see statuses.ts. */
    statuses: string;
  };
  reports: {
    number: Generated<number>;
    device: number;
    sequence: number;
    received_at: number;
    /** Digest of the report before. */
    previous: Uint8Array | null;
    /** The report with the facts this one means; itself where it brings them. */
    facts_sequence: number;
    /** Digest of the facts; null where another report has them. */
    facts_digest: Uint8Array | null;
    /** The signed report, packed; see packing.ts. */
    body: Uint8Array;
  };
  stray_reports: {
    number: Generated<number>;
    device: number;
    sequence: number;
    received_at: number;
    digest: Uint8Array;
    body: Uint8Array;
  };
  findings: {
    device: number;
    /** `firewall` for a check as a whole, `firewall/enabled` for a point. */
    subject: string;
    organization: number;
    status: string;
    since: number;
    /** The report that brought the status; null for what the collector itself knows. */
    sequence: number | null;
  };
  transitions: {
    number: Generated<number>;
    organization: number;
    device: number;
    subject: string;
    before: string;
    after: string;
    at: number;
    /** What was seen, in plain words; empty for a check as a whole. */
    observed: string;
    /** 1 where the policy enforced the point at that time. */
    enforced: number;
    /** Since when the status before had held. */
    before_since: number | null;
    /** The report that brought the change; null where only time or the policy made it. */
    sequence: number | null;
  };
  /** Each time the roll-up of a device changed. */
  state_changes: {
    number: Generated<number>;
    organization: number;
    device: number;
    /** As in `devices.state`. */
    before: number;
    after: number;
    /** When the collector learned of it. */
    at: number;
  };
  /** How many devices stood where when a day ended. */
  daily_states: {
    organization: number;
    /** Days since 1970, UTC. */
    day: number;
    state: number;
    devices: number;
  };
  finding_counts: {
    organization: number;
    subject: string;
    status: string;
    devices: number;
  };
  state_counts: {
    organization: number;
    state: number;
    devices: number;
  };
  /** Of what `finding_counts` counts, that of devices which are silent or on leave. */
  absent_counts: {
    organization: number;
    /** As in `devices.state`. */
    state: number;
    subject: string;
    status: string;
    devices: number;
  };
  kept_answers: {
    /** `user:<id>` or `token:<id>`. */
    caller: string;
    /** What the caller named the request. */
    key: string;
    /** SHA-256 of everything that was asked. */
    request: Uint8Array;
    /** Null while it is under way. */
    status: number | null;
    body: string | null;
    expires_at: number;
  };
  held_policies: {
    device: number;
    organization: number;
    version: number;
  };
  request_nonces: {
    device: number;
    nonce: string;
    expires_at: number;
  };
  audit: {
    number: number;
    at: number;
    organization: number | null;
    /** `user:<id>`, `device:<id>`, `console` (the command line), `collector`. */
    actor: string;
    action: string;
    /** What was acted on, by id. */
    subject: string;
    detail: string;
    previous: Uint8Array;
    digest: Uint8Array;
  };
}
