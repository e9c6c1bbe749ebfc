import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Stores } from '../storage/stores.ts';

/** For whoever watches the process: is it alive, can it work, what does it offer. */
export const healthRoutes: FastifyPluginAsyncZod<{ readonly stores: Stores }> = async (app, { stores }) => {
  const Health = z.object({ status: z.literal('ok') });

  app.get('/healthz', {
    config: { caller: 'public' },
    schema: { tags: ['operation'], summary: 'The process answers', response: { 200: Health } },
    handler: async () => ({ status: 'ok' as const }),
  });

  app.get('/readyz', {
    config: { caller: 'public' },
    schema: { tags: ['operation'], summary: 'The database answers', response: { 200: Health } },
    async handler() {
      await stores.organizations.all();
      return { status: 'ok' as const };
    },
  });

  app.get('/openapi.json', {
    config: { caller: 'public' },
    schema: { hide: true },
    handler: async () => app.swagger(),
  });
};
