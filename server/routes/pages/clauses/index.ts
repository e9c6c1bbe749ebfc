import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { PageOptions } from '../send-page.ts';
import { clauseRoutes } from './clause.ts';
import { statementExportRoutes } from './export.ts';
import { statementRoutes } from './statement.ts';

/** The written policy of an organization, sentence by sentence. */
export const clausePages: FastifyPluginAsyncZod<PageOptions> = async (app, options) => {
  await app.register(statementRoutes, options);
  await app.register(clauseRoutes, options);
  await app.register(statementExportRoutes, options);
};
