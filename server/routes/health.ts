import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { leastFreeBytes } from '../operation/disk.ts';
import { HttpProblem } from '../problem.ts';
import type { Stores } from '../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  /** Room left for what is to be kept, in bytes. */
  readonly free: () => Promise<number>;
}

/** For whoever watches the process: is it alive, can it work, what does it offer. */
export const healthRoutes: FastifyPluginAsyncZod<Options> = async (app, { stores, free }) => {
  const Health = z.object({ status: z.literal('ok') });

  app.get('/healthz', {
    config: { caller: 'public' },
    schema: { tags: ['operation'], summary: 'The process answers', response: { 200: Health } },
    handler: async () => ({ status: 'ok' as const }),
  });

  app.get('/readyz', {
    config: { caller: 'public' },
    schema: {
      tags: ['operation'],
      summary: 'The database answers and there is room on the disk',
      response: { 200: Health },
    },
    async handler() {
      const [, room] = await Promise.all([stores.operation.ping(), free()]).catch(() => {
        throw new HttpProblem('not-ready', {}, 10);
      });
      if (room < leastFreeBytes) throw new HttpProblem('not-ready', {}, 60);
      return { status: 'ok' as const };
    },
  });

  app.get('/openapi.json', {
    config: { caller: 'public' },
    schema: { hide: true },
    handler: async () => app.swagger(),
  });
};
