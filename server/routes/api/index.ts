import type { FastifyPluginAsync } from 'fastify';
import { alertApiRoutes } from './alerts.ts';
import { apiTokenApiRoutes } from './api-tokens.ts';
import { attestationApiRoutes } from './attestations.ts';
import { auditApiRoutes } from './audit.ts';
import { clauseApiRoutes } from './clauses.ts';
import { describeRoutes } from './describe.ts';
import { deviceApiRoutes } from './devices.ts';
import { enrollmentTokenApiRoutes } from './enrollment-tokens.ts';
import { evidenceApiRoutes } from './evidence.ts';
import { exportApiRoutes } from './exports.ts';
import { historyApiRoutes } from './history.ts';
import { keepAnswers } from './kept-answers.ts';
import type { ApiOptions, ApiRoutes } from './options.ts';
import { allOrganizationsApiRoutes, organizationApiRoutes } from './organizations.ts';
import { peopleApiRoutes } from './people.ts';
import { policyApiRoutes } from './policies.ts';
import { policyDraftApiRoutes } from './policy-draft.ts';
import { privacyApiRoutes } from './privacy.ts';
import { answerRefusals } from './refusals.ts';
import { registerFileApiRoutes } from './register-files.ts';
import { registerApiRoutes } from './registers.ts';
import { retentionApiRoutes } from './retention.ts';
import { waiverApiRoutes } from './waivers.ts';
import { webhookApiRoutes } from './webhooks.ts';

/** Each with the routes of one kind of thing in an organization. */
const parts: readonly ApiRoutes[] = [
  organizationApiRoutes,
  deviceApiRoutes,
  evidenceApiRoutes,
  enrollmentTokenApiRoutes,
  historyApiRoutes,
  policyApiRoutes,
  policyDraftApiRoutes,
  waiverApiRoutes,
  registerApiRoutes,
  registerFileApiRoutes,
  attestationApiRoutes,
  clauseApiRoutes,
  exportApiRoutes,
  privacyApiRoutes,
  retentionApiRoutes,
  alertApiRoutes,
  webhookApiRoutes,
  peopleApiRoutes,
  apiTokenApiRoutes,
  auditApiRoutes,
];

/** What the pages show and do, for programs: below `/api/v1/organizations/{organization}`. */
export const apiRoutes: FastifyPluginAsync<ApiOptions> = async (app, options) => {
  describeRoutes(app);
  answerRefusals(app);
  keepAnswers(app, options);
  await app.register(allOrganizationsApiRoutes, { ...options, prefix: '/api/v1/organizations' });
  for (const part of parts) {
    await app.register(part, { ...options, prefix: '/api/v1/organizations/:organization' });
  }
};
