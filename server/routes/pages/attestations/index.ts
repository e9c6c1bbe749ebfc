import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { AccessOptions } from '../begin-session.ts';
import { answerRoutes } from './answer.ts';
import { askRoutes } from './ask.ts';
import { campaignRoutes } from './campaign.ts';

/** Statements people are asked for: asked, answered, looked at. */
export const attestationPages: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  await app.register(askRoutes, options);
  await app.register(campaignRoutes, options);
  await app.register(answerRoutes, options);
};
