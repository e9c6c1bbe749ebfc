/** What the person of a laptop asks for, and how they come to the page about it; see schema.ts for what all tables have in common. */
export interface StaffTables {
  staff_requests: {
    id: string;
    organization: number;
    device: number;
    /** `correct`, `contest` or `object`. */
    kind: string;
    /** `firewall/enabled`, `firewall`, or empty for the laptop as a whole. */
    about: string;
    /** The person's own words. */
    words: string;
    requested_at: number;
    answered_at: number | null;
    answered_by: string | null;
    /** Empty while it waits. */
    answer: string;
  };
  /** One-time links (`csrf` is null) and what they were exchanged for. */
  device_visits: {
    digest: Uint8Array;
    organization: number;
    device: number;
    csrf: string | null;
    expires_at: number;
  };
}
