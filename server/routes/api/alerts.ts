import { z } from 'zod';
import { Severity } from '../../../shared/check.ts';
import { alertTitle, linesShown } from '../../alerts/message.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { setAlerts } from '../../desk/alert-settings.ts';
import { HttpProblem } from '../../problem.ts';
import { digests } from '../../storage/alert-settings.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['alerts'];
const Place = z.tuple([z.int(), z.string().max(40)]);
const alertCursors = cursorsOf('alerts', Place);
const deliveryCursors = cursorsOf('deliveries', Place);
const beforeOf = (place: z.output<typeof Place> | undefined) =>
  place && { at: new Date(place[0]), id: place[1] };

const Settings = z.strictObject({
  timeZone: z.string().max(60).describe('An IANA name'),
  digestHour: z.int().min(0).max(23),
  minSeverity: Severity.describe('What breaks below it raises no alert'),
});
const Subscription = z.strictObject({
  immediate: z.boolean().describe('Every alert by e-mail at once'),
  digest: z.enum(digests),
});

/** What happened, who is told, and how it went out. */
export const alertApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/alerts', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags,
      summary: 'Alerts, newest first, each with its first events',
      querystring: Paging,
      response: {
        200: pageOf(
          'alerts',
          z.object({
            id: z.string(),
            kind: z.string(),
            title: z.string(),
            openedAt: z.string(),
            sealedAt: z.string().nullable().describe('When it was told; null while it gathers'),
            total: z.number(),
            events: z.array(
              z.object({ at: z.string(), line: z.string(), path: z.string().describe('The page about it') }),
            ),
          }),
        ),
      },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit } = request.query;
      const before = beforeOf(alertCursors.placeOf(request.query));
      const range = { limit: limit + 1, offset: 0, ...(before && { before }) };
      const alerts = await stores.alerts.list(number, range, linesShown);
      const { shown, next } = alertCursors.page(alerts, limit, ({ openedAt, id }) => [
        openedAt.getTime(),
        id,
      ]);
      return {
        alerts: shown.map((alert) => ({
          id: alert.id,
          kind: alert.kind,
          title: alertTitle(alert),
          openedAt: alert.openedAt.toISOString(),
          sealedAt: alert.sealedAt?.toISOString() ?? null,
          total: alert.total,
          events: alert.events.map(({ at, line, path }) => ({ at: at.toISOString(), line, path })),
        })),
        next,
      };
    },
  });

  app.get('/alerts/settings', {
    config: { caller: 'organization:fleet.read' },
    schema: { tags, summary: 'What raises an alert, and when digests go out', response: { 200: Settings } },
    handler: async (request) => ({ ...(await stores.alertSettings.read(organizationOf(request).number)) }),
  });

  app.put('/alerts/settings', {
    config: { caller: 'organization:alerts.manage' },
    schema: {
      tags,
      summary: 'Say what raises an alert, and when digests go out',
      body: Settings.meta({
        examples: [{ timeZone: 'Africa/Johannesburg', digestHour: 7, minSeverity: 'medium' }],
      }),
      response: { 200: Settings },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      await setAlerts(stores, number, request.body, actorOf(request), now());
      return { ...(await stores.alertSettings.read(number)) };
    },
  });

  app.get('/alerts/e-mails', {
    config: { caller: 'organization:fleet.read', people: true },
    schema: { tags, summary: 'Which e-mails you get', response: { 200: Subscription } },
    async handler(request) {
      const { number } = organizationOf(request);
      return { ...(await stores.alertSettings.subscription(number, personOf(request.staff))) };
    },
  });

  app.put('/alerts/e-mails', {
    config: { caller: 'organization:fleet.read', people: true },
    schema: {
      tags,
      summary: 'Say which e-mails you get; a program has no address to send them to',
      body: Subscription.meta({ examples: [{ immediate: false, digest: 'daily' }] }),
      response: { 200: Subscription },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const person = personOf(request.staff);
      await stores.alertSettings.subscribe(number, person, request.body, actorOf(request), now());
      return { ...(await stores.alertSettings.subscription(number, person)) };
    },
  });

  app.get('/alerts/deliveries', {
    config: { caller: 'organization:alerts.manage' },
    schema: {
      tags,
      summary: 'The delivery log, newest first',
      querystring: Paging,
      response: {
        200: pageOf(
          'deliveries',
          z.object({
            id: z.string().describe('The same for every attempt'),
            channel: z.enum(['email', 'webhook', 'person']),
            target: z.string().describe('Id of the account, of the webhook, or of the person who is asked'),
            content: z.enum(['alert', 'digest', 'test', 'statement', 'reminder']),
            outcome: z.enum(['waiting', 'sent', 'failed', 'dropped']),
            attempts: z.number(),
            createdAt: z.string(),
            at: z.string().describe('When it was done, or is tried next'),
            problem: z.string(),
          }),
        ),
      },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit } = request.query;
      const before = beforeOf(deliveryCursors.placeOf(request.query));
      const deliveries = await stores.deliveries.list(number, limit + 1, 0, before);
      const { shown, next } = deliveryCursors.page(deliveries, limit, ({ createdAt, id }) => [
        createdAt.getTime(),
        id,
      ]);
      return {
        deliveries: shown.map(({ id, channel, target, content, outcome, attempts, problem, ...times }) => ({
          id,
          channel,
          target,
          content,
          outcome: outcome ?? ('waiting' as const),
          attempts,
          createdAt: times.createdAt.toISOString(),
          at: (times.doneAt ?? times.nextAt).toISOString(),
          problem,
        })),
        next,
      };
    },
  });
};

function personOf(staff: { readonly user: { readonly number: number } } | null): number {
  if (staff === null) throw new HttpProblem('not-allowed');
  return staff.user.number;
}
