import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { HttpProblem } from '../problem.ts';

interface Options {
  /** The collector's folder; releases lie in `updates/` there, as `npm run release` makes it. */
  readonly dataFolder: string;
}

/**
 * Releases of the agent, as files: The Update Framework's metadata and the archives. The collector vouches for nothing here;
 * agents believe the release keys only.
 */
export const updateRoutes: FastifyPluginAsyncZod<Options> = async (app, { dataFolder }) => {
  app.get('/updates/:kind/:name', {
    config: { caller: 'public', rateLimit: { max: 600, timeWindow: '1 minute' } },
    schema: {
      tags: ['devices'],
      summary: 'A file of the release repository',
      params: z.object({
        kind: z.enum(['metadata', 'targets']),
        name: z.string().regex(/^[0-9A-Za-z][\w.-]{0,199}$/),
      }),
    },
    async handler(request, reply) {
      const { kind, name } = request.params;
      const path = join(dataFolder, 'updates', kind, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || !found.isFile()) throw new HttpProblem('not-found');
      return reply
        .header('content-length', found.size)
        .header('cache-control', 'no-cache')
        .type('application/octet-stream')
        .send(createReadStream(path));
    },
  });
};
