import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { canonicalJson } from '../../../shared/canonical.ts';
import {
  type CollectorProof,
  collectorProofHeader,
  collectorProofType,
} from '../../../shared/device-request.ts';
import { maxDeviceWaivers, policyMediaType, policyType } from '../../../shared/policy-document.ts';
import type { DeviceWaiver } from '../../../shared/waiver.ts';
import { HttpProblem } from '../../problem.ts';
import type { CollectorKey } from '../../signing/collector-key.ts';
import { sha256, signJws } from '../../signing/compact-jws.ts';
import type { Stores } from '../../storage/stores.ts';

/** A policy as one device is answered. */
interface Answer {
  readonly text: string;
  jws(): string;
  readonly etag: string;
}

interface Options {
  readonly stores: Stores;
  readonly collectorKey: CollectorKey;
  readonly now: () => Date;
}

/** The policy a device is judged by, signed, so that it is known from whom it comes wherever it was kept in between. */
export const policyRoutes: FastifyPluginAsyncZod<Options> = async (app, { stores, collectorKey, now }) => {
  const signed = new Map<string, Answer>();

  /** The same policy with what is for this device alone: few have any, so it is signed when it is really sent. */
  function withWaivers({ text }: Answer, id: string, waivers: readonly DeviceWaiver[]): Answer {
    const kept = waivers.slice(0, maxDeviceWaivers);
    const personal = canonicalJson({ ...(JSON.parse(text) as object), device: { id, waivers: kept } });
    return {
      text: personal,
      jws: () => signJws(personal, policyType, collectorKey.privateKey),
      etag: `"${sha256(personal).toString('hex')}"`,
    };
  }

  app.get('/api/v1/policy', {
    config: { caller: 'device' },
    schema: {
      tags: ['devices'],
      summary: 'The policy in force, as a compact JWS signed by the collector',
      description: `With a header \`${collectorProofHeader}\`, signed for this very request, that proves who answers.`,
      produces: [policyMediaType],
      querystring: z.object({
        held: z.coerce
          .number()
          .int()
          .min(1)
          .max(2_147_483_647)
          .optional()
          .catch(undefined)
          .describe('The version the device holds, where it has just refused an older one'),
      }),
      response: { 200: z.string(), 304: z.null() },
    },
    async handler(request, reply) {
      const { device } = request;
      if (device === null) throw new HttpProblem('bad-signature');
      const { held } = request.query;
      if (held !== undefined && held > device.policyVersion) await stores.heldPolicies.note(device, held);
      const key = `${device.organization}/${device.policyVersion}`;
      let answer = signed.get(key);
      if (answer === undefined) {
        const { text } = await stores.organizations.policyVersion(device.organization, device.policyVersion);
        const jws = signJws(text, policyType, collectorKey.privateKey);
        answer = { text, jws: () => jws, etag: `"${sha256(jws).toString('hex')}"` };
        signed.set(key, answer);
      }
      const granted = await stores.waivers.grantedAt(device.organization, device.waiverRevision);
      const waivers = granted.of(device).filter(({ expiresAt }) => Date.parse(expiresAt) > now().getTime());
      if (waivers.length > 0) answer = withWaivers(answer, device.id, waivers);
      reply.header('etag', answer.etag).header('cache-control', 'private, no-cache');
      const proof: CollectorProof = { jti: device.nonce, etag: answer.etag };
      reply.header(
        collectorProofHeader,
        signJws(JSON.stringify(proof), collectorProofType, collectorKey.privateKey),
      );
      if (request.headers['if-none-match'] === answer.etag) return reply.code(304).send(null);
      return reply.type(policyMediaType).serializer(String).send(answer.jws());
    },
  });
};
