import type { Generated } from 'kysely';

/** The tables of people and of how they come in; part of `Schema`, whose conventions hold here too. */
export interface AccessSchema {
  users: {
    number: Generated<number>;
    id: string;
    /** Lower case; what the person signs in with. */
    email: string;
    name: string;
    /** argon2id in PHC form; null until the person has set one. */
    password_hash: string | null;
    /** Sealed secret of the authenticator app; null where none is set up. */
    totp_secret: string | null;
    /** The last time step a code was accepted for, so that none is good twice. */
    totp_step: number | null;
    /** From when on signing in by password without a second factor leads nowhere else but to setting one up. */
    second_factor_due_at: number | null;
    disabled_at: number | null;
    created_at: number;
  };
  memberships: {
    user: number;
    organization: number;
    role: string;
    /** The role counts until then; null where it has no end. */
    expires_at: number | null;
  };
  sessions: {
    /** SHA-256 of the cookie: the cookie itself is nowhere kept. */
    digest: Uint8Array;
    /** By which the person revokes it. */
    id: string;
    user: number;
    csrf: string;
    /** How they signed in; see `SignInWay`. */
    how: string;
    /** `Firefox on Linux`: coarse on purpose. */
    browser: string;
    /** 1 where only the account's own pages are open, until a second factor is set up. */
    confined: number;
    created_at: number;
    seen_at: number;
    expires_at: number;
  };
  sign_in_links: {
    digest: Uint8Array;
    user: number;
    /** `console` or `invitation`. */
    purpose: string;
    created_at: number;
    expires_at: number;
    used_at: number | null;
  };
  recovery_codes: {
    /** Keyed digest; see sealing.ts. */
    digest: Uint8Array;
    user: number;
    used_at: number | null;
  };
  passkeys: {
    /** Credential id in base64url. */
    id: string;
    user: number;
    name: string;
    /** COSE key. */
    public_key: Uint8Array;
    counter: number;
    /** Separated by commas. */
    transports: string;
    created_at: number;
    used_at: number | null;
  };
  failed_attempts: {
    /** Keyed digest of what was tried: an address, or a person's id and which proof. */
    name: Uint8Array;
    failures: number;
    /** They count until then. */
    until: number;
  };
  sign_in_steps: {
    /** SHA-256 of the cookie of a sign-in that is underway. */
    digest: Uint8Array;
    purpose: string;
    user: number | null;
    /** JSON; what the next step has to fit. */
    detail: string;
    tries: number;
    expires_at: number;
  };
  api_tokens: {
    id: string;
    digest: Uint8Array;
    organization: number;
    name: string;
    /** Permissions, separated by commas. */
    scopes: string;
    created_by: number;
    created_at: number;
    expires_at: number;
    used_at: number | null;
    revoked_at: number | null;
  };
}
