import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { WaiverRequest } from '../../../shared/waiver-request.ts';
import { HttpProblem } from '../../problem.ts';
import type { Stores } from '../../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  readonly now: () => Date;
}

/** Where staff ask, from their laptop, to be excused. */
export const waiverRequestRoutes: FastifyPluginAsyncZod<Options> = async (app, { stores, now }) => {
  app.post('/api/v1/waiver-requests', {
    config: { caller: 'device' },
    bodyLimit: 8_192,
    schema: {
      tags: ['devices'],
      summary: 'Ask for a waiver; it decides nothing',
      body: WaiverRequest,
      response: { 201: z.object({ id: z.string() }) },
    },
    async handler(request, reply) {
      const { device } = request;
      if (device === null) throw new HttpProblem('bad-signature');
      const from = { organization: device.organization, device: device.number, deviceId: device.id };
      if (!(await stores.waivers.requestFromDevice(from, request.body, now()))) {
        throw new HttpProblem('too-many-requests');
      }
      return reply.code(201).send({ id: request.body.id });
    },
  });
};
