import type { Permission } from '../permissions.ts';
import { addresses } from './addresses.ts';
import { attestationAddresses } from './attestations/addresses.ts';
import { auditAddresses } from './audit/addresses.ts';
import { clauseAddresses } from './clauses/addresses.ts';
import { peopleAddresses } from './people/addresses.ts';
import { privacyAddresses } from './privacy/addresses.ts';
import { registerAddresses } from './registers/addresses.ts';

/** A page of an organization that stands in its navigation. */
export interface Section {
  readonly id: string;
  readonly name: string;
  /** Who may not open it does not see it. */
  readonly permission: Permission;
  /** As it was when a day ended, where one is given and the page can tell. */
  readonly address: (organization: string, asOf?: string | null) => string;
}

/** What there is to see of an organization, in the order one asks for it. A new page of this kind is one entry here. */
export const sections = [
  {
    id: 'overview',
    name: 'Overview',
    permission: 'counts.read',
    address: (organization, asOf = null) => addresses.organization(organization, { asOf }),
  },
  {
    id: 'checks',
    name: 'Checks',
    permission: 'fleet.read',
    address: (organization, asOf = null) => addresses.checks(organization, { asOf }),
  },
  { id: 'policy', name: 'Policy', permission: 'policy.read', address: addresses.policy },
  {
    id: 'clauses',
    name: 'Clauses',
    permission: 'reports.read',
    address: (organization, asOf = null) => clauseAddresses.clauses(organization, { asOf }),
  },
  {
    id: 'history',
    name: 'History',
    permission: 'fleet.read',
    address: (organization) => addresses.history(organization),
  },
  { id: 'registers', name: 'Registers', permission: 'registers.read', address: registerAddresses.registers },
  {
    id: 'attestations',
    name: 'Statements',
    permission: 'registers.read',
    address: attestationAddresses.attestations,
  },
  {
    id: 'waivers',
    name: 'Waivers',
    permission: 'waivers.read',
    address: (organization) => addresses.waivers(organization),
  },
  {
    id: 'alerts',
    name: 'Alerts',
    permission: 'fleet.read',
    address: (organization) => addresses.alerts(organization),
  },
  { id: 'reports', name: 'Reports', permission: 'reports.read', address: addresses.reports },
  { id: 'people', name: 'People & access', permission: 'people.read', address: peopleAddresses.people },
  { id: 'privacy', name: 'Privacy', permission: 'registers.read', address: privacyAddresses.privacy },
  {
    id: 'audit',
    name: 'Audit log',
    permission: 'audit.read',
    address: (organization) => auditAddresses.audit(organization),
  },
] as const satisfies readonly Section[];

export type SectionId = (typeof sections)[number]['id'];
