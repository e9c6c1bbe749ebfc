import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Severity } from '../../../shared/check.ts';
import { isTimeZone } from '../../alerts/local-time.ts';
import { alertTitle, linesShown } from '../../alerts/message.ts';
import { type AlertKind, alertKinds } from '../../alerts/source.ts';
import { newWebhookKey, webhookAddressProblem } from '../../alerts/webhook.ts';
import { actorOf } from '../../caller.ts';
import { addresses } from '../../pages/addresses.ts';
import type { AlertsView } from '../../pages/alert-views.ts';
import { AlertsPage } from '../../pages/alerts.tsx';
import { HttpProblem } from '../../problem.ts';
import { digests, webhookFormats } from '../../storage/alert-settings.ts';
import { newId } from '../../storage/ids.ts';
import type { AccessOptions } from './begin-session.ts';
import { sendPage } from './send-page.ts';
import { organizationOf, viewerOf } from './viewer.ts';

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
const maxWebhooks = 20;
const Params = z.object({ organization: z.string().max(40) });
const csrf = z.string().max(200);

/** Alerts of an organization: what happened, who is told how. */
export const alertRoutes: FastifyPluginAsyncZod<AlertOptions> = async (
  app,
  { stores, now, access, alerts: options },
) => {
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
      webhooks: webhooks.map(({ id: hook, name: called, host, format, pausedAt, secret }) => ({
        id: hook,
        name: called,
        host,
        format,
        paused: pausedAt !== null,
        key: access.sealer.open('webhook-key', hook, secret) ?? 'sealed with another collector key',
      })),
      problem,
    };
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
      if (!isTimeZone(zone)) {
        const words = 'That is no time zone; for example Europe/Berlin.';
        return sendPage(reply.code(400), AlertsPage, await view(request, 1, { form: 'settings', words }));
      }
      const settings = { timeZone: zone, digestHour: hour, minSeverity: severity };
      await stores.alertSettings.write(number, settings, actorOf(request), now());
      return reply.redirect(addresses.alerts(id), 303);
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
      const { name, url, format } = request.body;
      const known = await stores.alertSettings.webhooks(number);
      const words =
        name === ''
          ? 'Give it a name.'
          : known.length >= maxWebhooks
            ? `There are ${maxWebhooks} webhooks already; remove one first.`
            : webhookAddressProblem(url, options.allowPrivateWebhooks);
      if (words !== undefined) {
        return sendPage(reply.code(400), AlertsPage, await view(request, 1, { form: 'webhook', words }));
      }
      await stores.alertSettings.addWebhook(
        number,
        { name, host: new URL(url).host, format },
        (hook) => ({
          url: access.sealer.seal('webhook-url', hook, url),
          secret: access.sealer.seal('webhook-key', hook, newWebhookKey()),
        }),
        actorOf(request),
        now(),
      );
      return reply.redirect(`${addresses.alerts(id)}#webhooks`, 303);
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

  step('test', async (request, organization, webhook) => {
    if ((await stores.alertSettings.webhook(organization, webhook)) === undefined) return false;
    const at = now();
    const given = { id: newId(at), organization, channel: 'webhook', target: webhook } as const;
    await stores.deliveries.add({ ...given, content: 'test', coversFrom: null }, at);
    const event = {
      organization,
      actor: actorOf(request),
      action: 'webhook.test',
      subject: webhook,
    } as const;
    await stores.audit.record(event, at);
    return true;
  });
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
