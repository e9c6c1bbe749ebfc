import { z } from 'zod';
import { actorOf, organizationOf } from '../../caller.ts';
import { addWebhook, testWebhook, webhookKey } from '../../desk/webhooks.ts';
import { HttpProblem } from '../../problem.ts';
import { type Webhook, webhookFormats } from '../../storage/alert-settings.ts';
import type { ApiRoutes } from './options.ts';
import { behind, cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['alerts'];
const config = { caller: 'organization:alerts.manage' } as const;
const cursors = cursorsOf('webhooks', z.string().max(40));
const One = z.object({ webhook: z.string().max(40) });

const Shown = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string().describe('The rest of its address is not shown again'),
  format: z.enum(webhookFormats),
  createdAt: z.string(),
  pausedAt: z.string().nullable(),
});
const WithKey = Shown.extend({
  key: z
    .string()
    .nullable()
    .describe('What a receiver verifies signatures with; null where another collector sealed it'),
});

const show = ({ id, name, host, format, createdAt, pausedAt }: Webhook) => ({
  id,
  name,
  host,
  format,
  createdAt: createdAt.toISOString(),
  pausedAt: pausedAt?.toISOString() ?? null,
});

/** Where alerts are sent beside e-mail. */
export const webhookApiRoutes: ApiRoutes = async (app, { stores, now, access, alerts }) => {
  const desk = { stores, sealer: access.sealer, allowPrivate: alerts.allowPrivateWebhooks };

  async function find(organization: number, id: string): Promise<Webhook> {
    const webhook = await stores.alertSettings.webhook(organization, id);
    if (webhook === undefined) throw new HttpProblem('not-found');
    return webhook;
  }
  const withKey = (webhook: Webhook) => ({ ...show(webhook), key: webhookKey(desk, webhook) ?? null });

  app.get('/webhooks', {
    config,
    schema: {
      tags,
      summary: 'Webhooks, in the order they were added',
      querystring: Paging,
      response: { 200: pageOf('webhooks', Shown) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const all = behind(await stores.alertSettings.webhooks(number), cursors.placeOf(request.query));
      const { shown, next } = cursors.page(all, request.query.limit, ({ id }) => id);
      return { webhooks: shown.map(show), next };
    },
  });

  app.get('/webhooks/:webhook', {
    config,
    schema: { tags, summary: 'One webhook, with its key', params: One, response: { 200: WithKey } },
    handler: async (request) => withKey(await find(organizationOf(request).number, request.params.webhook)),
  });

  app.post('/webhooks', {
    config: { ...config, answersOnce: true },
    schema: {
      tags,
      summary: 'Add a webhook',
      body: z
        .strictObject({
          name: z.string().trim().max(60),
          url: z.string().trim().max(1_000),
          format: z.enum(webhookFormats).default('plain'),
        })
        .meta({ examples: [{ name: 'Chat', url: 'https://chat.example/hooks/muster', format: 'slack' }] }),
      response: { 201: WithKey },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const id = await addWebhook(desk, number, request.body, actorOf(request), now());
      return reply.code(201).send(withKey(await find(number, id)));
    },
  });

  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    app.post(`/webhooks/:webhook/${name}`, {
      config,
      schema: {
        tags,
        summary: paused ? 'Hold it up' : 'Let it go on',
        params: One,
        response: { 200: Shown },
      },
      async handler(request) {
        const { number } = organizationOf(request);
        const { webhook } = request.params;
        if (!(await stores.alertSettings.pauseWebhook(number, webhook, paused, actorOf(request), now()))) {
          throw new HttpProblem('not-found');
        }
        return show(await find(number, webhook));
      },
    });
  }

  app.post('/webhooks/:webhook/test', {
    config,
    schema: {
      tags,
      summary: 'Send it a test; the delivery log says how it went',
      params: One,
      response: { 202: z.null() },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      if (!(await testWebhook(desk, number, request.params.webhook, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(202).send(null);
    },
  });

  app.delete('/webhooks/:webhook', {
    config,
    schema: {
      tags,
      summary: 'Remove it; its address and key are forgotten',
      params: One,
      response: { 204: z.null() },
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { webhook } = request.params;
      if (!(await stores.alertSettings.removeWebhook(number, webhook, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.code(204).send(null);
    },
  });
};
