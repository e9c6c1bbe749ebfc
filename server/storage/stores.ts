import { type AlertSettingsStore, alertSettingsStore } from './alert-settings.ts';
import { type AlertStore, alertStore } from './alerts.ts';
import { type ApiTokenStore, apiTokenStore } from './api-tokens.ts';
import { type AttestationStore, attestationStore } from './attestations/attestations.ts';
import { type StatementMailStore, statementMailStore } from './attestations/statement-mails.ts';
import { type AuditStore, auditStore } from './audit.ts';
import { type CheckFindingStore, checkFindingStore } from './check-findings.ts';
import { type ClauseStore, clauseStore } from './clauses.ts';
import { openDatabase } from './database.ts';
import { type DeliveryStore, deliveryStore } from './deliveries.ts';
import { type DeviceStore, deviceStore } from './devices.ts';
import { type EnrollmentStore, enrollmentStore } from './enrollments.ts';
import { type FailedAttemptStore, failedAttemptStore } from './failed-attempts.ts';
import { type FindingStore, findingStore } from './findings.ts';
import { type HeldPolicyStore, heldPolicyStore } from './held-policies.ts';
import { type HistoryStore, historyStore } from './history.ts';
import { type IngestStore, ingestStore } from './ingest.ts';
import { type KeptAnswerStore, keptAnswerStore } from './kept-answers.ts';
import { type MeasurementStore, measurementStore } from './measurements.ts';
import { type MemberStore, memberStore } from './members.ts';
import { type NewsStore, newsStore } from './news.ts';
import { type OperationStore, operationStore } from './operation.ts';
import { type OrganizationStore, organizationStore } from './organizations.ts';
import { type PasskeyStore, passkeyStore } from './passkeys.ts';
import { type AttestationContactStore, attestationContactStore } from './people/attestation-contacts.ts';
import { openPeople } from './people/database.ts';
import { type PersonStore, personStore } from './people/people.ts';
import { type RegisterPersonalStore, registerPersonalStore } from './people/register-personal.ts';
import { type PointCountStore, pointCountStore } from './point-counts.ts';
import { type PolicyStore, policyStore } from './policies.ts';
import { type PolicyDraftStore, policyDraftStore } from './policy-drafts.ts';
import { type RestrictionStore, restrictionStore } from './privacy/restrictions.ts';
import { type RetentionStore, retentionStore } from './privacy/retention.ts';
import { type RecordStore, recordStore } from './registers/records.ts';
import { type ReportStore, reportStore } from './reports.ts';
import { type SecondFactorStore, secondFactorStore } from './second-factors.ts';
import { type SessionStore, sessionStore } from './sessions.ts';
import { type SignInStepStore, signInStepStore } from './sign-in-steps.ts';
import { type StaffRequestStore, staffRequestStore } from './staff/requests.ts';
import { type DeviceVisitStore, deviceVisitStore } from './staff/visits.ts';
import { type UserStore, userStore } from './users.ts';
import { type WaiverStore, waiverStore } from './waivers.ts';

/** Everything the collector remembers, one store a noun. */
export interface Stores {
  readonly alerts: AlertStore;
  readonly alertSettings: AlertSettingsStore;
  readonly apiTokens: ApiTokenStore;
  /** Where the people of campaigns can be reached: another database, another key. */
  readonly attestationContacts: AttestationContactStore;
  readonly attestations: AttestationStore;
  readonly audit: AuditStore;
  readonly checkFindings: CheckFindingStore;
  readonly clauses: ClauseStore;
  readonly deliveries: DeliveryStore;
  readonly devices: DeviceStore;
  /** People at their laptops, looking at what is kept about it. */
  readonly deviceVisits: DeviceVisitStore;
  readonly enrollments: EnrollmentStore;
  /** Wrong passwords and codes. */
  readonly failedAttempts: FailedAttemptStore;
  readonly findings: FindingStore;
  /** What laptops hold that the collector lost. */
  readonly heldPolicies: HeldPolicyStore;
  readonly history: HistoryStore;
  readonly ingest: IngestStore;
  /** Answers to writes that may come twice. */
  readonly keptAnswers: KeptAnswerStore;
  readonly measurements: MeasurementStore;
  /** For whoever watches the collector itself. */
  readonly operation: OperationStore;
  /** What alerts are made of. */
  readonly news: NewsStore;
  readonly organizations: OrganizationStore;
  readonly members: MemberStore;
  readonly pointCounts: PointCountStore;
  readonly policies: PolicyStore;
  readonly policyDrafts: PolicyDraftStore;
  readonly passkeys: PasskeyStore;
  /** Records of the registers. */
  readonly records: RecordStore;
  /** What they say about people: another database, another key. */
  readonly registerPersonal: RegisterPersonalStore;
  /** Who is behind a pseudonym: the people's database. */
  readonly people: PersonStore;
  readonly reports: ReportStore;
  readonly restrictions: RestrictionStore;
  readonly retention: RetentionStore;
  readonly secondFactors: SecondFactorStore;
  readonly sessions: SessionStore;
  readonly signInSteps: SignInStepStore;
  /** Links to people who are asked for a statement. */
  readonly statementMails: StatementMailStore;
  /** What they ask for. */
  readonly staffRequests: StaffRequestStore;
  readonly users: UserStore;
  readonly waivers: WaiverStore;
  close(): Promise<void>;
}

/**
 * Opens the database behind an address (`sqlite:data/collector.db`) and the people's database beside it, and brings both up to date. The
 * people's key is in the data folder, which is the database file's own unless it is named. See openDatabase and openPeople for errors.
 */
export async function openStores(address: string, dataFolder?: string): Promise<Stores> {
  const db = await openDatabase(address);
  const people = await openPeople(address, dataFolder).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  const registerPersonal = registerPersonalStore(people);
  const attestationContacts = attestationContactStore(people);
  return {
    alerts: alertStore(db),
    alertSettings: alertSettingsStore(db),
    apiTokens: apiTokenStore(db),
    attestationContacts,
    attestations: attestationStore(db, attestationContacts),
    audit: auditStore(db),
    checkFindings: checkFindingStore(db),
    clauses: clauseStore(db),
    deliveries: deliveryStore(db),
    devices: deviceStore(db),
    deviceVisits: deviceVisitStore(db),
    enrollments: enrollmentStore(db),
    failedAttempts: failedAttemptStore(db),
    findings: findingStore(db),
    heldPolicies: heldPolicyStore(db),
    history: historyStore(db),
    keptAnswers: keptAnswerStore(db),
    ingest: ingestStore(db),
    measurements: measurementStore(db),
    operation: operationStore(db),
    news: newsStore(db),
    organizations: organizationStore(db),
    members: memberStore(db),
    pointCounts: pointCountStore(db),
    policies: policyStore(db),
    policyDrafts: policyDraftStore(db),
    passkeys: passkeyStore(db),
    records: recordStore(db, registerPersonal),
    registerPersonal,
    people: personStore(people),
    reports: reportStore(db),
    restrictions: restrictionStore(db),
    retention: retentionStore(db),
    secondFactors: secondFactorStore(db),
    sessions: sessionStore(db),
    signInSteps: signInStepStore(db),
    statementMails: statementMailStore(db),
    staffRequests: staffRequestStore(db),
    users: userStore(db),
    waivers: waiverStore(db),
    async close() {
      await people.db.destroy();
      await db.destroy();
    },
  };
}
