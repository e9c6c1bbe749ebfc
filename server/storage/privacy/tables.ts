/** Tables of what is done for people's rights and for retention, as kysely sees them. None of them names a person. */
export interface PrivacyTables {
  /** Devices nothing is kept of and nothing is shown of for now: the least it takes to keep to it. */
  restrictions: {
    device: string;
    organization: number;
    since: number;
    actor: string;
  };
  /** What was deleted because its time was over. */
  purges: {
    id: string;
    /** Null for what belongs to no organization. */
    organization: number | null;
    /** Class of the retention schedule. */
    class: string;
    at: number;
    deleted: number;
    /** When the oldest of it was made. */
    oldest_at: number;
  };
  /** What was erased on somebody's request; not whose it was. */
  erasures: {
    id: string;
    organization: number;
    /** The record of the request in the register; null where there was none. */
    request: string | null;
    at: number;
    actor: string;
    /** How much of each kind, as JSON. */
    erased: string;
    /** When the last backup made before has expired, by the schedule. */
    backups_until: number;
  };
  /** Where the chain of a device's reports begins since older ones were deleted. */
  report_floors: {
    device: number;
    /** The first report that is kept. */
    sequence: number;
    /** The digest it names of the one before it. */
    previous: Uint8Array;
  };
  /** The last entry of the audit log that was deleted; one row at most. */
  audit_floors: {
    number: number;
    digest: Uint8Array;
  };
}
