import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  answerProblem,
  attestationType,
  OpenAttestation,
  SignedAttestation,
} from '../../../shared/attestation-answer.ts';
import { HttpProblem } from '../../problem.ts';
import { readHeader, readJson, splitJws, verifyJws } from '../../signing/compact-jws.ts';
import { publicKeyOf } from '../../signing/keys.ts';
import type { Stores } from '../../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  readonly now: () => Date;
}

/** What a laptop is asked on behalf of whoever uses it, and what was said there, signed with its key. */
export const attestationRoutes: FastifyPluginAsyncZod<Options> = async (app, { stores, now }) => {
  app.get('/api/v1/attestations', {
    config: { caller: 'device' },
    schema: {
      tags: ['devices'],
      summary: 'Statements that are asked of the person on this laptop',
      response: { 200: z.object({ attestations: z.array(OpenAttestation) }) },
    },
    async handler({ device }) {
      if (device === null) throw new HttpProblem('bad-signature');
      const open = await stores.attestations.ofDevice(device.number);
      return {
        attestations: open.map(({ person, campaign }) => ({
          id: person,
          title: campaign.title,
          statement: campaign.statement,
          digest: campaign.digest,
          periodFrom: campaign.periodFrom.toISOString(),
          dueAt: campaign.dueAt.toISOString(),
        })),
      };
    },
  });

  app.post('/api/v1/attestations', {
    config: { caller: 'device' },
    bodyLimit: 8_192,
    schema: {
      tags: ['devices'],
      summary: 'An answer to a statement, signed by the laptop as a compact JWS',
      body: z.object({ signed: z.string().max(6_000) }),
      response: { 201: z.object({ id: z.string() }) },
    },
    async handler(request, reply) {
      const { device } = request;
      if (device === null) throw new HttpProblem('bad-signature');
      const { signed } = request.body;
      const parts = splitJws(signed);
      if (
        parts === undefined ||
        readHeader(parts.header, attestationType)?.kid !== device.id ||
        !verifyJws(parts, publicKeyOf(device.publicKey))
      ) {
        throw new HttpProblem('bad-signature');
      }
      const said = SignedAttestation.safeParse(readJson(parts.payload)).data;
      if (
        said === undefined ||
        said.device !== device.id ||
        answerProblem(said.answer, said.reason) !== undefined
      ) {
        throw new HttpProblem('invalid-request');
      }
      const open = await stores.attestations.ofDevice(device.number);
      const question = open.find(
        ({ person, campaign }) => person === said.id && campaign.digest === said.digest,
      );
      if (question === undefined) throw new HttpProblem('not-found');
      const { answer, reason } = said;
      const given = { answer, reason: reason.trim(), signed };
      if (!(await stores.attestations.answer(question, given, `device:${device.id}`, now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(201).send({ id: said.id });
    },
  });
};
