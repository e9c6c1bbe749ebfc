/** The tables of attestations, as kysely sees them; see schema.ts for what all tables have in common. */
export interface AttestationTables {
  attestation_campaigns: {
    id: string;
    organization: number;
    /** Id of the template it began with. */
    template: string;
    title: string;
    /** The exact words people are asked, which never change. */
    statement: string;
    /** SHA-256 of those words: the version. */
    digest: Uint8Array;
    /** Whom it is for, in words. */
    role: string;
    /** The statement covers the time from then on. */
    period_from: number;
    created_at: number;
    created_by: string;
    due_at: number;
    valid_until: number;
    /** When somebody ended it before its time. */
    ended_at: number | null;
  };
  attestation_people: {
    id: string;
    organization: number;
    campaign: string;
    /** Random: `P-7K3F9Q2M`. */
    pseudonym: string;
    /** The laptop that may answer for this person. */
    device: number | null;
    /** SHA-256 of the link's code; null once it is used. */
    link: Uint8Array | null;
    answer: string | null;
    reason: string;
    answered_at: number | null;
    /** `link`, or `device:<id>`. */
    answered_by: string | null;
    /** SHA-256 of a file kept elsewhere. */
    evidence: Uint8Array | null;
    /** The statement as the laptop signed it. */
    signed: string | null;
    countersigned_by: string | null;
    countersigned_at: number | null;
    /** A no is to be put right by then. */
    action_due_at: number | null;
    action_done_at: number | null;
    action_done_by: string | null;
    action_note: string;
    reminded_at: number | null;
  };
  statement_mails: {
    /** Id of the person in a campaign. */
    person: string;
    /** What the link's code is made of, with the collector's key. */
    nonce: string;
    /** SHA-256 of the code. */
    link: Uint8Array;
  };
  clause_sets: {
    organization: number;
    /** Counts up from 1. */
    version: number;
    /** As it was brought (`ClauseSet` before it is read), canonical JSON. */
    document: string;
    set_at: number;
    set_by: string;
  };
  clause_exclusions: {
    id: string;
    organization: number;
    /** `KEL-22-f`. */
    clause: string;
    reason: string;
    said_by: string;
    said_at: number;
    until: number;
    ended_at: number | null;
  };
}
