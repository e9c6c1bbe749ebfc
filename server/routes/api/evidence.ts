import { z } from 'zod';
import { reportMediaType } from '../../../shared/report.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { deviceExporters } from '../../exports/exporters.ts';
import { pastDay } from '../../history/look-back.ts';
import { HttpProblem } from '../../problem.ts';
import { verifyEvidence } from '../../review/evidence.ts';
import { publicKeyOf } from '../../signing/keys.ts';
import { file, sendFile } from './files.ts';
import { findOpenDevice } from './find-device.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';

const tags = ['devices'];
const caller = { caller: 'organization:fleet.read' } as const;
const cursors = cursorsOf('devices/reports', z.int());
const One = z.object({ device: z.string().max(40) });

/** The signed reports behind what is said of a laptop, and what there is about it as a file. */
export const evidenceApiRoutes: ApiRoutes = async (app, { stores, now, collectorKey }) => {
  app.get('/devices/:device/reports', {
    config: caller,
    schema: {
      tags,
      summary: 'Signed reports of a laptop, newest first, each verified anew',
      params: One,
      querystring: Paging,
      response: {
        200: pageOf(
          'reports',
          z.object({
            sequence: z.number(),
            kind: z.enum(['full', 'unchanged']),
            takenAt: z.string().nullable().describe('By the clock of the laptop'),
            receivedAt: z.string(),
            digest: z.string().nullable().describe('SHA-256 of the signed report, in hex'),
            signature: z.enum(['valid', 'broken']),
            chain: z.enum(['first', 'linked', 'broken']),
          }),
        ),
      },
    },
    async handler(request) {
      const device = await findOpenDevice(stores, request);
      const { organization, id: subject } = device;
      const actor = actorOf(request);
      await stores.audit.record({ organization, actor, action: 'device.view', subject }, now());
      const { limit } = request.query;
      const from = (cursors.placeOf(request.query) ?? device.sequence + 1) - 1;
      const [reports, sender] = await Promise.all([
        // The oldest shown must name the one before it, and one more tells whether there is another page.
        stores.reports.recent(device.number, from, limit + 2),
        stores.devices.sender(device.id),
      ]);
      if (sender === undefined) throw new HttpProblem('not-found');
      const verified = verifyEvidence(reports, device.id, publicKeyOf(sender.publicKey));
      const { shown, next } = cursors.page(verified, limit, ({ sequence }) => sequence);
      return {
        reports: shown.map(({ receivedAt, ...report }) => ({
          ...report,
          receivedAt: receivedAt.toISOString(),
        })),
        next,
      };
    },
  });

  app.get('/devices/:device/reports/:sequence', {
    config: caller,
    schema: {
      tags,
      summary: 'One report as the laptop signed it: a compact JWS',
      params: One.extend({ sequence: z.coerce.number().int().positive() }),
      response: { 200: file(reportMediaType) },
    },
    async handler(request, reply) {
      const device = await findOpenDevice(stores, request);
      const report = await stores.reports.bySequence(device.number, request.params.sequence);
      if (report?.jws === undefined) throw new HttpProblem('not-found');
      const { organization, id: subject } = device;
      const detail = { sequence: report.sequence };
      const actor = actorOf(request);
      await stores.audit.record({ organization, actor, action: 'report.download', subject, detail }, now());
      return sendFile(reply, reportMediaType, report.jws);
    },
  });

  app.get('/devices/:device/exports/:export', {
    config: caller,
    schema: {
      tags,
      summary: 'What there is about one laptop, as a file',
      params: One.extend({
        export: z
          .string()
          .max(40)
          .describe(deviceExporters.map(({ id }) => id).join(', ')),
      }),
      querystring: z.strictObject({
        asOf: z.iso.date().optional().describe('How it was when this day (UTC) ended; now without it'),
      }),
      response: { 200: file(...new Set(deviceExporters.map(({ mediaType }) => mediaType))) },
    },
    async handler(request, reply) {
      const madeAt = now();
      const device = await findOpenDevice(stores, request);
      const exporter = deviceExporters.find(({ id }) => id === request.params.export);
      if (exporter === undefined) throw new HttpProblem('not-found');
      const organization = organizationOf(request);
      const past = pastDay(request.query.asOf, madeAt);
      const event = {
        organization: organization.number,
        actor: actorOf(request),
        action: 'report.export',
        subject: device.id,
        detail: { export: exporter.id, about: device.label },
      } as const;
      await stores.audit.record(event, madeAt);
      const source = { stores, collectorKey, organization, madeAt };
      return sendFile(reply, exporter.mediaType, await exporter.make(source, device, past?.at ?? madeAt));
    },
  });
};
