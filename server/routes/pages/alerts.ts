import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Severity } from '../../../shared/check.ts';
import { alertTitle, linesShown } from '../../alerts/message.ts';
import { type AlertKind, alertKinds } from '../../alerts/source.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { setAlerts } from '../../desk/alert-settings.ts';
import { Refusal } from '../../desk/refusal.ts';
import { addWebhook, testWebhook, webhookKey } from '../../desk/webhooks.ts';
import { addresses } from '../../pages/addresses.ts';
import type { AlertsView } from '../../pages/alert-views.ts';
import { AlertsPage } from '../../pages/alerts.tsx';
import { HttpProblem } from '../../problem.ts';
import { digests, webhookFormats } from '../../storage/alert-settings.ts';
import type { AccessOptions } from './begin-session.ts';
import { sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

/** How alerts can go out from this collector. */
export interface AlertOptions extends AccessOptions {
  readonly alerts: {
    /** There is a mail server. */
    readonly mail: boolean;
    /** Webhooks may go to this machine and to private networks. */
    readonly allowPrivateWebhooks: boolean;
  };
}

const shownAtOnce = 25;
const Params = z.object({ organization: z.string().max(40) });
const csrf = z.string().max(200);

/** Alerts of an organization: what happened, who is told how. */
export const alertRoutes: FastifyPluginAsyncZod<AlertOptions> = async (
  app,
  { stores, now, access, alerts: options },
) => {
  const desk = { stores, sealer: access.sealer, allowPrivate: options.allowPrivateWebhooks };

  async function view(
    request: FastifyRequest,
    page: number,
    problem: AlertsView['problem'] = null,
  ): Promise<AlertsView> {
    const { number, id, name } = organizationOf(request);
    const viewer = viewerOf(request);
    const mayManage = viewer.may.includes('alerts.manage');
    const [alerts, total, subscription, settings, webhooks] = await Promise.all([
      stores.alerts.list(number, { limit: shownAtOnce, offset: (page - 1) * shownAtOnce }, linesShown),
      stores.alerts.count(number),
      stores.alertSettings.subscription(number, request.staff?.user.number ?? 0),
      stores.alertSettings.read(number),
      mayManage ? stores.alertSettings.webhooks(number) : [],
    ]);
    const zones = Intl.supportedValuesOf('timeZone');
    return {
      viewer,
      organization: { id, name },
      alerts: alerts.map((alert) => ({
        id: alert.id,
        title: alertTitle(alert),
        kind: alertKinds[alert.kind as AlertKind].title,
        at: alert.openedAt.toISOString(),
        gathering: alert.sealedAt === null,
        lines: alert.events.map(({ line, path }) => ({ text: line, path })),
        more: Math.max(0, alert.total - alert.events.length),
      })),
      page,
      pages: Math.max(1, Math.ceil(total / shownAtOnce)),
      mail: options.mail,
      subscription,
      settings,
      timeZones: [...new Set(['UTC', settings.timeZone, ...zones])].toSorted(),
      webhooks: webhooks.map((webhook) => ({
        id: webhook.id,
        name: webhook.name,
        host: webhook.host,
        format: webhook.format,
        paused: webhook.pausedAt !== null,
        key: webhookKey(desk, webhook) ?? 'sealed with another collector key',
      })),
      problem,
    };
  }

  /** Does it, or says at its form why it cannot be done. */
  async function attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    form: 'settings' | 'webhook',
    address: string,
    work: () => Promise<unknown>,
  ): Promise<FastifyReply> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendPage(reply.code(400), AlertsPage, await view(request, 1, { form, words: error.message }));
    }
    return reply.redirect(address, 303);
  }

  app.get('/organizations/:organization/alerts', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: Params,
      querystring: z.object({ page: z.coerce.number().int().min(1).max(100_000).catch(1) }),
    },
    handler: async (request, reply) => sendPage(reply, AlertsPage, await view(request, request.query.page)),
  });

  app.post('/organizations/:organization/alerts/e-mails', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({ csrf, immediate: z.literal('yes').optional(), digest: z.enum(digests) }),
    },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const { immediate, digest } = request.body;
      const wants = { immediate: immediate === 'yes', digest };
      const person = request.staff?.user.number ?? 0;
      await stores.alertSettings.subscribe(number, person, wants, actorOf(request), now());
      return reply.redirect(addresses.alerts(id), 303);
    },
  });

  app.post('/organizations/:organization/alerts/settings', {
    config: { caller: 'organization:alerts.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({
        csrf,
        severity: Severity,
        zone: z.string().max(60),
        hour: z.coerce.number().int().min(0).max(23),
      }),
    },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const { severity, zone, hour } = request.body;
      const settings = { timeZone: zone, digestHour: hour, minSeverity: severity };
      return attempt(request, reply, 'settings', addresses.alerts(id), () =>
        setAlerts(stores, number, settings, actorOf(request), now()),
      );
    },
  });

  app.post('/organizations/:organization/alerts/webhooks', {
    config: { caller: 'organization:alerts.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({
        csrf,
        name: z.string().trim().max(60),
        url: z.string().trim().max(1_000),
        format: z.enum(webhookFormats),
      }),
    },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      return attempt(request, reply, 'webhook', `${addresses.alerts(id)}#webhooks`, () =>
        addWebhook(desk, number, request.body, actorOf(request), now()),
      );
    },
  });

  /** Registers one thing that can be done with a webhook. */
  function step(
    name: 'test' | 'pause' | 'resume' | 'remove',
    take: (request: FastifyRequest, organization: number, webhook: string) => Promise<boolean>,
  ): void {
    app.post(`/organizations/:organization/alerts/webhooks/:webhook/${name}`, {
      config: { caller: 'organization:alerts.manage' },
      schema: {
        hide: true,
        params: Params.extend({ webhook: z.string().max(40) }),
        body: z.object({ csrf }),
      },
      async handler(request, reply) {
        const { number, id } = organizationOf(request);
        if (!(await take(request, number, request.params.webhook))) throw new HttpProblem('not-found');
        return reply.redirect(
          name === 'test' ? addresses.deliveries(id) : `${addresses.alerts(id)}#webhooks`,
          303,
        );
      },
    });
  }

  step('test', (request, organization, webhook) =>
    testWebhook(desk, organization, webhook, actorOf(request), now()),
  );
  step('pause', (request, organization, webhook) =>
    stores.alertSettings.pauseWebhook(organization, webhook, true, actorOf(request), now()),
  );
  step('resume', (request, organization, webhook) =>
    stores.alertSettings.pauseWebhook(organization, webhook, false, actorOf(request), now()),
  );
  step('remove', (request, organization, webhook) =>
    stores.alertSettings.removeWebhook(organization, webhook, actorOf(request), now()),
  );
};
