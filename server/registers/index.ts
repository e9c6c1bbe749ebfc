import { accessApprovals } from './definitions/access-approvals.ts';
import { actions } from './definitions/actions.ts';
import { breaches } from './definitions/breaches.ts';
import { complaints } from './definitions/complaints.ts';
import { contacts } from './definitions/contacts.ts';
import { dataClassification } from './definitions/data-classification.ts';
import { disclosures } from './definitions/disclosures.ts';
import { impactAssessments } from './definitions/impact-assessments.ts';
import { incidents } from './definitions/incidents.ts';
import { lawfulBases } from './definitions/lawful-bases.ts';
import { legalHolds } from './definitions/legal-holds.ts';
import { mobileApprovals } from './definitions/mobile-approvals.ts';
import { notices } from './definitions/notices.ts';
import { processingActivities } from './definitions/processing-activities.ts';
import { processorActivities } from './definitions/processor-activities.ts';
import { requests } from './definitions/requests.ts';
import { retentionRules } from './definitions/retention-rules.ts';
import { reviews } from './definitions/reviews.ts';
import { suppliers } from './definitions/suppliers.ts';
import { training } from './definitions/training.ts';
import { transferApprovals } from './definitions/transfer-approvals.ts';
import { transfers } from './definitions/transfers.ts';
import type { Register } from './register.ts';

/** Every register there is, in the order one meets them. A new one is its file and its line here. */
export const registers: readonly Register[] = [
  breaches,
  incidents,
  requests,
  complaints,
  disclosures,
  processingActivities,
  processorActivities,
  lawfulBases,
  impactAssessments,
  notices,
  suppliers,
  transfers,
  accessApprovals,
  transferApprovals,
  mobileApprovals,
  training,
  contacts,
  dataClassification,
  retentionRules,
  legalHolds,
  reviews,
  actions,
];

export const registerById = (id: string): Register | undefined =>
  registers.find((register) => register.id === id);
