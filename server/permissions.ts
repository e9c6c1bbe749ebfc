/**
 * Who may do what in an organization. A person has roles there; what is not listed for one of them is refused. Routes ask for a
 * permission, never for a role.
 */

/** What there is to be allowed, in an organization. */
export const permissions = [
  /** Numbers only: how many stand where. Small groups are not shown (k >= 5) to those who may see nothing else. */
  'counts.read',
  /** Laptops by pseudonym, their findings and evidence. */
  'fleet.read',
  /** Enrollment tokens, labels, on leave, retired. */
  'devices.manage',
  'policy.read',
  'policy.write',
  'waivers.read',
  /** Ask for a waiver on behalf of a laptop or the fleet, and withdraw one. */
  'waivers.write',
  /** Approve or refuse what somebody else asked for. */
  'waivers.approve',
  'reports.read',
  'registers.read',
  'registers.write',
  /** The second person's step of a record that needs one. */
  'registers.approve',
  /** Requests of data subjects, erasure, restriction, legal hold. */
  'privacy.manage',
  /** Learn whose laptop a pseudonym is; asked with a reason, audited and shown to that person. */
  'identity.reveal',
  /** Alerts, digests and webhooks. */
  'alerts.manage',
  'people.read',
  'people.manage',
  'audit.read',
] as const;
export type Permission = (typeof permissions)[number];

/**
 * The roles of an organization:
 * - admin: people, policy, settings
 * - contractor: looks after the laptops; sees pseudonyms
 * - reviewer: decides on what others ask for
 * - manager: counts only
 * - dpo: registers, requests, and who is behind a pseudonym
 * - auditor: reads, for a limited time
 */
export const roles = ['admin', 'contractor', 'reviewer', 'manager', 'dpo', 'auditor'] as const;
export type Role = (typeof roles)[number];

export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  admin: [
    'counts.read',
    'fleet.read',
    'devices.manage',
    'policy.read',
    'policy.write',
    'waivers.read',
    'waivers.write',
    'waivers.approve',
    'reports.read',
    'registers.read',
    'registers.write',
    'alerts.manage',
    'people.read',
    'people.manage',
    'audit.read',
  ],
  contractor: [
    'counts.read',
    'fleet.read',
    'devices.manage',
    'policy.read',
    'waivers.read',
    'waivers.write',
    'reports.read',
    'registers.read',
    'registers.write',
    'alerts.manage',
  ],
  reviewer: [
    'counts.read',
    'fleet.read',
    'policy.read',
    'waivers.read',
    'waivers.approve',
    'reports.read',
    'registers.read',
    'registers.approve',
  ],
  manager: ['counts.read', 'policy.read'],
  dpo: [
    'counts.read',
    'fleet.read',
    'policy.read',
    'waivers.read',
    'reports.read',
    'registers.read',
    'registers.write',
    'registers.approve',
    'privacy.manage',
    'identity.reveal',
    'people.read',
    'audit.read',
  ],
  auditor: [
    'counts.read',
    'fleet.read',
    'policy.read',
    'waivers.read',
    'reports.read',
    'registers.read',
    'people.read',
    'audit.read',
  ],
};

/** Does one of these roles allow it? */
export function allows(held: readonly Role[], permission: Permission): boolean {
  return held.some((role) => permissionsOf[role].includes(permission));
}

/** What only a person may do: decide, learn who somebody is, let others in. No API token has these. */
const personal: readonly Permission[] = [
  'waivers.approve',
  'registers.approve',
  'privacy.manage',
  'identity.reveal',
  'people.manage',
];

/** What an API token may be given. */
export const tokenScopes: readonly Permission[] = permissions.filter(
  (permission) => !personal.includes(permission),
);
