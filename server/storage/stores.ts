import { type AuditStore, auditStore } from './audit.ts';
import { openDatabase } from './database.ts';
import { type DeviceStore, deviceStore } from './devices.ts';
import { type EnrollmentStore, enrollmentStore } from './enrollments.ts';
import { type FindingStore, findingStore } from './findings.ts';
import { type IngestStore, ingestStore } from './ingest.ts';
import { type OrganizationStore, organizationStore } from './organizations.ts';
import { type PolicyStore, policyStore } from './policies.ts';
import { type PolicyDraftStore, policyDraftStore } from './policy-drafts.ts';
import { type ReportStore, reportStore } from './reports.ts';
import { type SessionStore, sessionStore } from './sessions.ts';
import { type UserStore, userStore } from './users.ts';
import { type WaiverRequestStore, waiverRequestStore } from './waiver-requests.ts';

/** Everything the collector remembers, one store a noun. */
export interface Stores {
  readonly audit: AuditStore;
  readonly devices: DeviceStore;
  readonly enrollments: EnrollmentStore;
  readonly findings: FindingStore;
  readonly ingest: IngestStore;
  readonly organizations: OrganizationStore;
  readonly policies: PolicyStore;
  readonly policyDrafts: PolicyDraftStore;
  readonly reports: ReportStore;
  readonly sessions: SessionStore;
  readonly users: UserStore;
  readonly waiverRequests: WaiverRequestStore;
  close(): Promise<void>;
}

/** Opens the database behind an address (`sqlite:data/collector.db`) and brings it up to date; see openDatabase for errors. */
export async function openStores(address: string): Promise<Stores> {
  const db = await openDatabase(address);
  return {
    audit: auditStore(db),
    devices: deviceStore(db),
    enrollments: enrollmentStore(db),
    findings: findingStore(db),
    ingest: ingestStore(db),
    organizations: organizationStore(db),
    policies: policyStore(db),
    policyDrafts: policyDraftStore(db),
    reports: reportStore(db),
    sessions: sessionStore(db),
    users: userStore(db),
    waiverRequests: waiverRequestStore(db),
    close: () => db.destroy(),
  };
}
