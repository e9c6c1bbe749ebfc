import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { EnrollmentNotice, EnrollRequest, EnrollResponse } from '../../../shared/api.ts';
import { limitGuesses } from '../../limit-guesses.ts';
import { noticeOf, noticeVersion } from '../../privacy/enrollment-notice.ts';
import { HttpProblem } from '../../problem.ts';
import type { CollectorKey } from '../../signing/collector-key.ts';
import type { Stores } from '../../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  readonly collectorKey: CollectorKey;
  readonly now: () => Date;
}

const bearer = (authorization: string | undefined) => /^Bearer ([\w-]{43})$/.exec(authorization ?? '')?.[1];

/** How a laptop becomes a device: first the notice, then the key. */
export const enrollmentRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { stores, collectorKey, now },
) => {
  const attempts = limitGuesses({
    max: 30,
    codeOf: ({ headers, body }) => bearer(headers.authorization) ?? (body as { code?: string } | null)?.code,
    isGood: async (code) => (await stores.enrollments.organizationOf(code, now())) !== undefined,
  });

  app.get('/api/v1/enroll', {
    config: { caller: 'enrollment-code', ...attempts },
    schema: {
      tags: ['devices'],
      summary: 'What a person must know before enrolling; the code is the bearer',
      response: { 200: EnrollmentNotice },
    },
    async handler(request) {
      const code = bearer(request.headers.authorization);
      const number = code === undefined ? undefined : await stores.enrollments.organizationOf(code, now());
      const organization = number === undefined ? undefined : await stores.organizations.byNumber(number);
      if (organization === undefined) throw new HttpProblem('code-expired');
      return noticeOf(organization);
    },
  });

  app.post('/api/v1/enroll', {
    config: { caller: 'enrollment-code', ...attempts },
    bodyLimit: 4_096,
    schema: {
      tags: ['devices'],
      summary: 'Exchange a one-time code and a public key for a device',
      body: EnrollRequest,
      response: { 201: EnrollResponse },
    },
    async handler(request, reply) {
      if (request.body.noticeVersion !== noticeVersion) throw new HttpProblem('invalid-request');
      const enrolled = await stores.enrollments.enroll(request.body, now());
      const organization = enrolled && (await stores.organizations.byNumber(enrolled.organization));
      if (enrolled === undefined || organization === undefined) throw new HttpProblem('code-expired');
      return reply.code(201).send({
        device: enrolled.device,
        organization: organization.name,
        collectorKey: collectorKey.publicKey,
      });
    },
  });

  app.delete('/api/v1/enroll', {
    config: { caller: 'device' },
    schema: {
      tags: ['devices'],
      summary: 'Leave: nothing this device sends from now on is accepted; its evidence stays',
      response: { 204: z.null() },
    },
    async handler(request, reply) {
      const { device } = request;
      if (device === null) throw new HttpProblem('bad-signature');
      await stores.devices.revoke(device.organization, device.id, `device:${device.id}`, now());
      return reply.code(204).send(null);
    },
  });
};
