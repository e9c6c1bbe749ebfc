import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Id } from '../../../../shared/report.ts';
import { actorOf, organizationOf } from '../../../caller.ts';
import { reveal } from '../../../desk/privacy.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { HolderPage } from '../../../pages/privacy/holder.tsx';
import { HttpProblem } from '../../../problem.ts';
import { sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import type { PrivacyOptions } from './people.ts';

const Params = z.object({ organization: z.string().max(40), device: z.string().max(40) });

/** Being told who holds a laptop: never on the way, always asked for, with a reason. */
export const holderRoutes: FastifyPluginAsyncZod<PrivacyOptions> = async (app, { stores, now }) => {
  async function find(request: FastifyRequest) {
    const { device: id } = request.params as { device: string };
    const organization = organizationOf(request);
    const device = Id.safeParse(id).success ? await stores.devices.byId(organization.number, id) : undefined;
    if (device === undefined) throw new HttpProblem('not-found');
    return {
      device,
      view: {
        viewer: viewerOf(request),
        organization: { id: organization.id, name: organization.name },
        device: { id: device.id, label: device.label },
      },
    };
  }

  app.get('/organizations/:organization/devices/:device/holder', {
    config: { caller: 'organization:identity.reveal' },
    schema: { hide: true, params: Params },
    handler: async (request, reply) => sendPage(reply, HolderPage, (await find(request)).view),
  });

  app.post('/organizations/:organization/devices/:device/holder', {
    config: { caller: 'organization:identity.reveal' },
    schema: { hide: true, params: Params, body: z.looseObject({ reason: z.string().max(500) }) },
    async handler(request, reply) {
      const { device, view } = await find(request);
      const { organization, id } = device;
      const asked = { organization, device: id, actor: actorOf(request), reason: request.body.reason };
      try {
        const holder = await reveal(stores, asked, now());
        return sendPage(reply, HolderPage, {
          ...view,
          holder: holder === undefined ? null : { name: holder.name, email: holder.email },
        });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return sendPage(reply.code(422), HolderPage, { ...view, problem: error.message });
      }
    },
  });
};
