import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { DeviceLink } from '../../../shared/device-link.ts';
import { myDeviceAddresses } from '../../pages/my-device/addresses.ts';
import { HttpProblem } from '../../problem.ts';
import type { Stores } from '../../storage/stores.ts';

interface Options {
  readonly stores: Stores;
  readonly now: () => Date;
}

/** How the person at a laptop comes to the page about it: by a link that only its agent can ask for. */
export const deviceLinkRoutes: FastifyPluginAsyncZod<Options> = async (app, { stores, now }) => {
  app.post('/api/v1/device-links', {
    config: { caller: 'device', rateLimit: { max: 30, timeWindow: 60_000 } },
    schema: {
      tags: ['devices'],
      summary:
        'A one-time link to the page that shows everything kept about this device; good for ten minutes',
      response: { 201: DeviceLink },
    },
    async handler(request, reply) {
      const { device } = request;
      if (device === null) throw new HttpProblem('bad-signature');
      const { secret, expiresAt } = await stores.deviceVisits.createLink(device, now());
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ path: myDeviceAddresses.open(secret), expiresAt: expiresAt.toISOString() });
    },
  });
};
