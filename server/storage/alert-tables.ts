/** The tables of alerts, as kysely sees them. */
export interface AlertTables {
  alert_settings: {
    organization: number;
    /** IANA name such as `Africa/Johannesburg`. */
    time_zone: string;
    /** Hour of the day, local time, at which digests go out. */
    digest_hour: number;
    /** What breaks below this severity raises no alert. */
    min_severity: string;
  };
  alert_positions: {
    source: string;
    /** How far a source has read what it reads. */
    position: number;
  };
  alerts: {
    id: string;
    organization: number;
    kind: string;
    /** Events of the same group that come close together are one alert. */
    group_key: string;
    opened_at: number;
    /** When the last event came to it. */
    touched_at: number;
    /** When it was told; nothing is added any more. Null while it gathers. */
    sealed_at: number | null;
    events: number;
  };
  alert_events: {
    organization: number;
    /** The same event again has the same key. */
    key: string;
    alert: string;
    kind: string;
    at: number;
    /** What it is about, as sources compare: a device's id, a waiver's id. */
    subject: string;
    /** In plain words: pseudonyms, never names of people or machines. */
    line: string;
    /** The page that shows it, as a path on this collector. */
    path: string;
  };
  alert_subscriptions: {
    person: number;
    organization: number;
    /** 1 = every alert by e-mail at once. */
    immediate: number;
    /** `none`, `daily` or `weekly`. */
    digest: string;
  };
  webhooks: {
    id: string;
    organization: number;
    name: string;
    /** Sealed: whoever knows the address of a chat's webhook can write there. */
    url: string;
    /** Host of the address, to be shown. */
    host: string;
    /** Sealed key of the signature. */
    secret: string;
    /** `plain`, `slack` or `teams`. */
    format: string;
    created_at: number;
    paused_at: number | null;
    removed_at: number | null;
  };
  deliveries: {
    /** Stays the same for every attempt, so that a receiver knows a repetition. */
    id: string;
    organization: number;
    /** `email`, `webhook` or `person`. */
    channel: string;
    /** Id of the account, of the webhook, or of the person who is asked. */
    target: string;
    /** `alert`, `digest`, `test`, `statement` or `reminder`. */
    content: string;
    alert: string | null;
    /** Of a digest: the time it tells of. */
    covers_from: number | null;
    created_at: number;
    /** When it is tried (again). */
    next_at: number;
    attempts: number;
    /** Somebody is at it until then. */
    claimed_until: number;
    done_at: number | null;
    /** `sent`, `failed` or `dropped`; null while it is on its way. */
    outcome: string | null;
    /** Why the last attempt failed, in words; what the receiver said is not kept. */
    problem: string;
  };
}
