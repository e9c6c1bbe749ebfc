import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../caller.ts';
import { DeliveriesPage } from '../../pages/deliveries.tsx';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const shownAtOnce = 50;

/** The delivery log of an organization's alerts. */
export const deliveryRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores }) => {
  app.get('/organizations/:organization/alerts/deliveries', {
    config: { caller: 'organization:alerts.manage' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40) }),
      querystring: z.object({ page: z.coerce.number().int().min(1).max(100_000).catch(1) }),
    },
    async handler(request, reply) {
      const { number, id, name } = organizationOf(request);
      const { page } = request.query;
      const [deliveries, total, webhooks] = await Promise.all([
        stores.deliveries.list(number, shownAtOnce, (page - 1) * shownAtOnce),
        stores.deliveries.count(number),
        stores.alertSettings.webhooks(number),
      ]);
      const asked = deliveries.filter(({ channel }) => channel === 'person').map(({ target }) => target);
      const called = new Map([
        ...webhooks.map((webhook) => [webhook.id, webhook.name] as const),
        ...(await stores.statementMails.pseudonyms(number, [...new Set(asked)])),
      ]);
      const people = [
        ...new Set(deliveries.filter(({ channel }) => channel === 'email').map(({ target }) => target)),
      ];
      for (const person of people) {
        called.set(person, (await stores.users.byId(person))?.name ?? 'somebody whose account is gone');
      }
      return sendPage(reply, DeliveriesPage, {
        viewer: viewerOf(request),
        organization: { id, name },
        deliveries: deliveries.map((delivery) => ({
          id: delivery.id,
          createdAt: delivery.createdAt.toISOString(),
          to:
            called.get(delivery.target) ??
            (delivery.channel === 'person' ? 'somebody who is gone' : 'a webhook that was removed'),
          channel: delivery.channel,
          content: delivery.content,
          outcome: delivery.outcome ?? ('waiting' as const),
          attempts: delivery.attempts,
          at: (delivery.doneAt ?? delivery.nextAt).toISOString(),
          problem: delivery.problem,
        })),
        page,
        pages: Math.max(1, Math.ceil(total / shownAtOnce)),
      });
    },
  });
};
