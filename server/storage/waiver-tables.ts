/** The tables of waivers, as kysely sees them. */
export interface WaiverTables {
  waivers: {
    id: string;
    organization: number;
    /** `device`, `platform`, `owner` or `organization`. */
    scope: string;
    /** The device's id, the platform or the kind of owner; empty for the whole organization. */
    target: string;
    /** Internal key of the device it is for; null for a group. */
    device: number | null;
    /** `firewall`, `firewall/enabled` for one point, `removable-media/approved/m3fa2b1c8d4e5` to approve one medium. */
    subject: string;
    reason: string;
    control: string;
    /** `user:<id>` or `device:<id>`. */
    requested_by: string;
    requested_at: number;
    /** `requested`, `approved`, `refused` or `withdrawn`; one that has expired stays approved. */
    status: string;
    decided_by: string | null;
    decided_at: number | null;
    /** As asked for until somebody approves it; null where the asker named none. */
    starts_at: number | null;
    expires_at: number | null;
    /** When it stopped or will stop to matter: expiry, withdrawal or refusal; null while it waits. */
    ends_at: number | null;
  };
  waiver_events: {
    waiver: string;
    /** Counts up from 1 within a waiver. */
    number: number;
    at: number;
    actor: string;
    action: string;
    note: string;
    /** What the expiry was from then on, where it was set. */
    expires_at: number | null;
  };
}
