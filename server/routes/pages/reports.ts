import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Id } from '../../../shared/report.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import {
  deviceExporters,
  deviceSheetOf,
  type ExportSource,
  momentExporters,
  periodExporters,
} from '../../exports/exporters.ts';
import { organizationSheet } from '../../exports/organization-sheet.ts';
import { pastDay } from '../../history/look-back.ts';
import { organizationReport } from '../../history/organization-report.ts';
import { type Period, periodOf, recentPeriods } from '../../history/period.ts';
import { addresses } from '../../pages/addresses.ts';
import { ReportsPage, SheetPage } from '../../pages/reports.tsx';
import { HttpProblem } from '../../problem.ts';
import type { CollectorKey } from '../../signing/collector-key.ts';
import type { Device } from '../../storage/devices.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

/** So many months and quarters are offered. */
const offered = 12;

const Organization = z.object({ organization: z.string().max(40) });
const Query = z.record(z.string(), z.unknown());

/** Reports to read and to take away; each that is taken is in the audit log. */
export const reportPageRoutes: FastifyPluginAsyncZod<
  PageOptions & { readonly collectorKey: CollectorKey }
> = async (app, { stores, now, collectorKey }) => {
  const sourceOf = (request: FastifyRequest): ExportSource => ({
    stores,
    collectorKey,
    organization: organizationOf(request),
    madeAt: now(),
  });

  function periodAsked(id: string): Period {
    const period = periodOf(id, now());
    if (period === undefined) throw new HttpProblem('not-found');
    return period;
  }

  /** The end of the day the address names; now where it names none, or today. */
  const momentAsked = (query: Readonly<Record<string, unknown>>): Date =>
    pastDay(query['asOf'], now())?.at ?? now();

  async function deviceAsked(request: FastifyRequest): Promise<Device> {
    const { device: id } = request.params as { device: string };
    const { number } = organizationOf(request);
    const device = Id.safeParse(id).success ? await stores.devices.byId(number, id) : undefined;
    if (device === undefined) throw new HttpProblem('not-found');
    if (await stores.restrictions.isRestricted(device.id)) throw new HttpProblem('not-allowed');
    return device;
  }

  /** Sends what was made as a file; that it was taken is noted first. */
  async function attach(
    request: FastifyRequest,
    reply: FastifyReply,
    exporter: { readonly id: string; readonly mediaType: string; readonly extension: string },
    about: { readonly name: string; readonly subject: string },
    body: Buffer | string,
  ): Promise<FastifyReply> {
    const { number } = organizationOf(request);
    await stores.audit.record(
      {
        organization: number,
        actor: actorOf(request),
        action: 'report.export',
        subject: about.subject,
        detail: { export: exporter.id, about: about.name },
      },
      now(),
    );
    return reply
      .header('cache-control', 'no-store')
      .header(
        'content-disposition',
        `attachment; filename="${exporter.id}-${about.name}.${exporter.extension}"`,
      )
      .type(exporter.mediaType)
      .send(Buffer.from(body));
  }

  app.get('/organizations/:organization/reports', {
    config: { caller: 'organization:reports.read' },
    schema: { hide: true, params: Organization },
    async handler(request, reply) {
      const at = now();
      const { id, name, createdAt } = organizationOf(request);
      return sendPage(reply, ReportsPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        organization: { id, name },
        ...recentPeriods(createdAt, at, offered),
        periodExports: periodExporters,
        momentExports: momentExporters,
      });
    },
  });

  app.get('/organizations/:organization/reports/:period', {
    config: { caller: 'organization:reports.read' },
    schema: { hide: true, params: Organization.extend({ period: z.string().max(10) }) },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const { id, name } = organization;
      const period = periodAsked(request.params.period);
      return sendPage(reply, SheetPage, {
        viewer: viewerOf(request),
        organization: { id, name },
        sheet: organizationSheet(await organizationReport(stores, organization, period, now())),
        back: { name: 'Reports', address: addresses.reports(id) },
        section: 'reports' as const,
        exports: periodExporters.map((one) => ({
          title: one.title,
          address: addresses.periodExport(id, period.id, one.id),
        })),
      });
    },
  });

  app.get('/organizations/:organization/reports/:period/:exporter', {
    config: { caller: 'organization:reports.read' },
    schema: {
      hide: true,
      params: Organization.extend({ period: z.string().max(10), exporter: z.string().max(40) }),
    },
    async handler(request, reply) {
      const period = periodAsked(request.params.period);
      const exporter = periodExporters.find(({ id }) => id === request.params.exporter);
      if (exporter === undefined) throw new HttpProblem('not-found');
      const source = sourceOf(request);
      const body = await exporter.make(source, period);
      return attach(request, reply, exporter, { name: period.id, subject: source.organization.id }, body);
    },
  });

  app.get('/organizations/:organization/exports/:exporter', {
    config: { caller: 'organization:reports.read' },
    schema: {
      hide: true,
      params: Organization.extend({ exporter: z.string().max(40) }),
      querystring: Query,
    },
    async handler(request, reply) {
      const exporter = momentExporters.find(({ id }) => id === request.params.exporter);
      if (exporter === undefined) throw new HttpProblem('not-found');
      const at = momentAsked(request.query);
      const source = sourceOf(request);
      const body = await exporter.make(source, at);
      const about = { name: at.toISOString().slice(0, 10), subject: source.organization.id };
      return attach(request, reply, exporter, about, body);
    },
  });

  app.get('/organizations/:organization/devices/:device/fact-sheet', {
    config: { caller: 'organization:fleet.read' },
    schema: { hide: true, params: Organization.extend({ device: z.string().max(40) }), querystring: Query },
    async handler(request, reply) {
      const device = await deviceAsked(request);
      const at = momentAsked(request.query);
      const { id, name, number } = organizationOf(request);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'device.view', subject: device.id },
        now(),
      );
      return sendPage(reply, SheetPage, {
        viewer: viewerOf(request),
        organization: { id, name },
        sheet: await deviceSheetOf(sourceOf(request), device, at),
        back: { name: device.label, address: addresses.device(id, device.id) },
        section: 'overview' as const,
        exports: deviceExporters.map((one) => ({
          title: one.title,
          address: addresses.deviceExport(id, device.id, one.id, at.toISOString().slice(0, 10)),
        })),
      });
    },
  });

  app.get('/organizations/:organization/devices/:device/exports/:exporter', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: Organization.extend({ device: z.string().max(40), exporter: z.string().max(40) }),
      querystring: Query,
    },
    async handler(request, reply) {
      const device = await deviceAsked(request);
      const exporter = deviceExporters.find(({ id }) => id === request.params.exporter);
      if (exporter === undefined) throw new HttpProblem('not-found');
      const body = await exporter.make(sourceOf(request), device, momentAsked(request.query));
      return attach(request, reply, exporter, { name: device.label, subject: device.id }, body);
    },
  });
};
