import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { PageOptions } from '../send-page.ts';
import { recordDocumentRoutes } from './document.ts';
import { registerExportRoutes } from './export.ts';
import { registerListRoutes } from './list.ts';
import { recordRoutes } from './record.ts';

/** Everything of the registers that is seen in a browser. */
export const registerRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, options) => {
  await app.register(registerListRoutes, options);
  await app.register(recordRoutes, options);
  await app.register(recordDocumentRoutes, options);
  await app.register(registerExportRoutes, options);
};
