import type { FastifyPluginAsync } from 'fastify';
import type { CollectorKey } from '../../signing/collector-key.ts';
import { deviceApiRoutes } from './devices.ts';
import { exportApiRoutes } from './exports.ts';
import type { ApiOptions } from './options.ts';
import { organizationApiRoutes } from './organizations.ts';
import { policyApiRoutes } from './policies.ts';

/** What the pages show and do, for programs. Registers and people have files of their own beside this folder. */
export const apiRoutes: FastifyPluginAsync<ApiOptions & { readonly collectorKey: CollectorKey }> = async (
  app,
  options,
) => {
  await app.register(organizationApiRoutes, options);
  await app.register(deviceApiRoutes, options);
  await app.register(policyApiRoutes, options);
  await app.register(exportApiRoutes, options);
};
