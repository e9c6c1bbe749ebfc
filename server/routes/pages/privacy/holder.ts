import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Id } from '../../../../shared/report.ts';
import { actorOf } from '../../../caller.ts';
import { HolderPage } from '../../../pages/privacy/holder.tsx';
import { revealHolder } from '../../../privacy/identity.ts';
import { HttpProblem } from '../../../problem.ts';
import { sendPage } from '../send-page.ts';
import { organizationOf, viewerOf } from '../viewer.ts';
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
      const reason = request.body.reason.trim();
      if (reason.length < 10) {
        return sendPage(reply.code(422), HolderPage, { ...view, problem: 'Say why, in a sentence.' });
      }
      const holder = await revealHolder(
        stores,
        { organization: device.organization, device: device.id, actor: actorOf(request), reason },
        now(),
      );
      return sendPage(reply, HolderPage, {
        ...view,
        holder: holder === undefined ? null : { name: holder.name, email: holder.email },
      });
    },
  });
};
