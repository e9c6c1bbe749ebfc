import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { policyMediaType, policyType } from '../../shared/policy-document.ts';
import { HttpProblem } from '../problem.ts';
import type { CollectorKey } from '../signing/collector-key.ts';
import { sha256, signJws } from '../signing/compact-jws.ts';
import type { Stores } from '../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  readonly collectorKey: CollectorKey;
}

/** The policy a device is judged by, signed, so that it is known from whom it comes wherever it was kept in between. */
export const policyRoutes: FastifyPluginAsyncZod<Options> = async (app, { stores, collectorKey }) => {
  const signed = new Map<string, { readonly jws: string; readonly etag: string }>();

  app.get('/api/v1/policy', {
    config: { caller: 'device' },
    schema: {
      tags: ['devices'],
      summary: 'The policy in force, as a compact JWS signed by the collector',
      produces: [policyMediaType],
      response: { 200: z.string(), 304: z.null() },
    },
    async handler(request, reply) {
      const { device } = request;
      if (device === null) throw new HttpProblem('bad-signature');
      const key = `${device.organization}/${device.policyVersion}`;
      let answer = signed.get(key);
      if (answer === undefined) {
        const { text } = await stores.organizations.policyVersion(device.organization, device.policyVersion);
        const jws = signJws(text, policyType, collectorKey.privateKey);
        answer = { jws, etag: `"${sha256(jws).toString('hex')}"` };
        signed.set(key, answer);
      }
      reply.header('etag', answer.etag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === answer.etag) return reply.code(304).send(null);
      return reply.type(policyMediaType).serializer(String).send(answer.jws);
    },
  });
};
