import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Id } from '../../../shared/report.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { Agreement, declareOwner, putOnLeave, retire } from '../../desk/devices.ts';
import { addresses } from '../../pages/addresses.ts';
import { DeviceHistoryPage } from '../../pages/device-history.tsx';
import { HttpProblem } from '../../problem.ts';
import { type Device, owners } from '../../storage/devices.ts';
import { changeView } from './change-view.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const Params = z.object({ organization: z.string().max(40), device: z.string().max(40) });
const changesShown = 100;

/** A laptop's place in the fleet: whose it is, on leave, back, retired; and everything that changed on it. */
export const deviceStandingRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function find(request: FastifyRequest): Promise<Device> {
    const { device: id } = request.params as z.output<typeof Params>;
    const { number } = organizationOf(request);
    const device = Id.safeParse(id).success ? await stores.devices.byId(number, id) : undefined;
    if (device === undefined) throw new HttpProblem('not-found');
    return device;
  }

  app.post('/organizations/:organization/devices/:device/leave', {
    config: { caller: 'organization:devices.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({ csrf: z.string().max(200), until: z.union([z.iso.date(), z.literal('')]) }),
    },
    async handler(request, reply) {
      const { id } = organizationOf(request);
      const device = await find(request);
      // Until the end of the day before: on the day itself it is expected again.
      const until = request.body.until === '' ? null : new Date(`${request.body.until}T00:00:00Z`);
      await putOnLeave(stores, device, until, actorOf(request), now());
      return reply.redirect(addresses.device(id, device.id), 303);
    },
  });

  app.post('/organizations/:organization/devices/:device/owner', {
    config: { caller: 'organization:devices.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({ csrf: z.string().max(200), owner: z.enum(owners), agreement: Agreement }),
    },
    async handler(request, reply) {
      const { id } = organizationOf(request);
      const device = await find(request);
      const { owner } = request.body;
      // The form still shows the agreement when somebody makes it the company's.
      const agreement = owner === 'contractor' ? request.body.agreement : '';
      await declareOwner(stores, device, { owner, agreement }, actorOf(request), now());
      return reply.redirect(addresses.device(id, device.id), 303);
    },
  });

  app.post('/organizations/:organization/devices/:device/retire', {
    config: { caller: 'organization:devices.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({ csrf: z.string().max(200), label: z.string().max(40) }),
    },
    async handler(request, reply) {
      const { id } = organizationOf(request);
      const device = await find(request);
      // Written out, so that nobody retires a laptop by a slip of the hand.
      if (request.body.label.trim().toUpperCase() !== device.label) throw new HttpProblem('invalid-request');
      await retire(stores, device, actorOf(request), now());
      return reply.redirect(addresses.device(id, device.id), 303);
    },
  });

  app.get('/organizations/:organization/devices/:device/history', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: Params,
      querystring: z.object({ below: z.coerce.number().int().positive().optional() }),
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const device = await find(request);
      if (await stores.restrictions.isRestricted(device.id)) throw new HttpProblem('not-allowed');
      await stores.audit.record(
        {
          organization: organization.number,
          actor: actorOf(request),
          action: 'device.view',
          subject: device.id,
        },
        now(),
      );
      const changes = await stores.history.ofDevice(
        organization.number,
        device.number,
        changesShown + 1,
        request.query.below,
      );
      const shown = changes.slice(0, changesShown);
      return sendPage(reply, DeviceHistoryPage, {
        viewer: viewerOf(request),
        organization: { id: organization.id, name: organization.name },
        device: { id: device.id, label: device.label, assetTag: device.assetTag ?? undefined },
        changes: shown.flatMap(changeView),
        below: changes.length > changesShown ? (shown.at(-1)?.number ?? null) : null,
      });
    },
  });
};
