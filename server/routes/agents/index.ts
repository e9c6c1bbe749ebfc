import type { FastifyPluginAsync } from 'fastify';
import type { CollectorKey } from '../../signing/collector-key.ts';
import type { Stores } from '../../storage/stores.ts';
import { attestationRoutes } from './attestations.ts';
import { deviceLinkRoutes } from './device-links.ts';
import { enrollmentRoutes } from './enrollment.ts';
import { policyRoutes } from './policy.ts';
import { reportRoutes } from './reports.ts';
import { waiverRequestRoutes } from './waiver-requests.ts';

export interface AgentOptions {
  readonly stores: Stores;
  readonly collectorKey: CollectorKey;
  readonly now: () => Date;
  readonly maxUnderway: number | undefined;
}

/** What agents ask of the collector, each time by a signature or a code of their own. */
export const agentRoutes: FastifyPluginAsync<AgentOptions> = async (app, options) => {
  await app.register(reportRoutes, options);
  await app.register(enrollmentRoutes, options);
  await app.register(policyRoutes, options);
  await app.register(waiverRequestRoutes, options);
  await app.register(deviceLinkRoutes, options);
  await app.register(attestationRoutes, options);
};
