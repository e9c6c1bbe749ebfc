import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { tokenScopes } from '../../permissions.ts';
import { problemMediaType } from '../../problem.ts';

/** How every error is answered. */
const Problem = z
  .object({
    type: z.string().describe('`urn:muster:problem:` and what kind of problem it is'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe('What can be done about it, in words'),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('What is wrong, field by field'),
  })
  .meta({ id: 'Problem' });

const problems = {
  description: 'A problem (RFC 9457); nothing of what was sent is in it',
  content: { [problemMediaType]: { schema: Problem } },
};

const isScope = (permission: string) => tokenScopes.some((scope) => scope === permission);

const Organization = z.object({ organization: z.string().max(40).describe('Id of the organization') });
const Key = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .describe('The same write under the same key is done once: letters, digits, `.:_-`, 128 at most'),
});

/**
 * Adds to each route of the API what all of them have: the organization in the address, the key of a write, the form of an error,
 * and who may ask.
 */
export function describeRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const schema = route.schema ?? {};
    const { params, headers, response } = schema as {
      readonly params?: z.ZodObject;
      readonly headers?: z.ZodObject;
      readonly response?: Readonly<Record<string, unknown>>;
    };
    const isWrite = [route.method].flat().some((method) => !['GET', 'HEAD'].includes(method));
    const caller = route.config?.caller ?? '';
    const permission = /^organization:(.+)$/.exec(caller)?.[1];
    route.schema = {
      ...schema,
      ...(permission !== undefined && { params: Organization.extend(params?.shape ?? {}) }),
      ...(isWrite && { headers: Key.extend(headers?.shape ?? {}) }),
      response: { ...response, '4xx': problems, '5xx': problems },
      security:
        permission === undefined || !isScope(permission) || route.config?.people === true
          ? [{ session: [] }]
          : [{ token: [permission] }, { session: [] }],
    };
  });
}
