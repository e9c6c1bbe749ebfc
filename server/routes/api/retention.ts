import { z } from 'zod';
import { actorOf, organizationOf } from '../../caller.ts';
import { numbersOf } from '../../desk/privacy.ts';
import { privacyDocuments } from '../../privacy/documents.ts';
import { assessmentValues, processingOf } from '../../privacy/processing.ts';
import { heldScopes } from '../../privacy/purge.ts';
import { retentionSchedule, retentionWords } from '../../privacy/retention.ts';
import { HttpProblem } from '../../problem.ts';
import { impactAssessments } from '../../registers/definitions/impact-assessments.ts';
import { openRecord } from '../../registers/desk.ts';
import type { ErasureCertificate } from '../../storage/privacy/retention.ts';
import { file, sendFile } from './files.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';
import { workerOf } from './worker.ts';

const tags = ['privacy'];
const reading = { caller: 'organization:registers.read' } as const;
const Place = z.tuple([z.int(), z.string().max(40)]);
const receiptCursors = cursorsOf('privacy/receipts', Place);
const certificateCursors = cursorsOf('privacy/certificates', Place);
const beforeOf = (place: z.output<typeof Place> | undefined) =>
  place && { at: new Date(place[0]), id: place[1] };

const Certificate = z.object({
  id: z.string(),
  at: z.string(),
  backupsUntil: z.string().describe('Until then backups may still hold it'),
  erased: z.record(z.string(), z.number()).describe('How much of what'),
});
const show = ({ id, at, backupsUntil, erased }: ErasureCertificate): z.output<typeof Certificate> => ({
  id,
  at: at.toISOString(),
  backupsUntil: backupsUntil.toISOString(),
  erased: { ...erased },
});

/** What is kept for how long, the proof of what was deleted, and what the collector says of itself. */
export const retentionApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/privacy/retention', {
    config: reading,
    schema: {
      tags,
      summary: 'What is kept for how long, why, and what a legal hold keeps longer',
      response: {
        200: z.object({
          classes: z.array(
            z.object({
              id: z.string(),
              title: z.string(),
              what: z.string(),
              kept: z.string(),
              reason: z.string(),
              source: z.string(),
              held: z.boolean().describe('A legal hold keeps it for now'),
              deletedBy: z.enum(['collector', 'operator']),
            }),
          ),
        }),
      },
    },
    async handler(request) {
      const held = await heldScopes(stores, organizationOf(request).number, now());
      return {
        classes: retentionSchedule.map((of) => ({
          id: of.id,
          title: of.title,
          what: of.what,
          kept: retentionWords(of),
          reason: of.reason,
          source: of.source,
          held: of.hold !== undefined && held.has(of.hold),
          deletedBy: of.deletedBy,
        })),
      };
    },
  });

  app.get('/privacy/receipts', {
    config: reading,
    schema: {
      tags,
      summary: 'What was deleted because its time was over, newest first',
      querystring: Paging,
      response: {
        200: pageOf(
          'receipts',
          z.object({ class: z.string(), at: z.string(), deleted: z.number(), oldest: z.string() }),
        ),
      },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit } = request.query;
      const before = beforeOf(receiptCursors.placeOf(request.query));
      const receipts = await stores.retention.receipts(number, limit + 1, before);
      const { shown, next } = receiptCursors.page(receipts, limit, ({ at, id }) => [at.getTime(), id]);
      return {
        receipts: shown.map(({ class: of, at, deleted, oldest }) => ({
          class: of,
          at: at.toISOString(),
          deleted,
          oldest: oldest.toISOString(),
        })),
        next,
      };
    },
  });

  app.get('/privacy/certificates', {
    config: reading,
    schema: {
      tags,
      summary: 'Erasures, newest first; they name no one',
      querystring: Paging,
      response: { 200: pageOf('certificates', Certificate) },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const { limit } = request.query;
      const before = beforeOf(certificateCursors.placeOf(request.query));
      const found = await stores.retention.certificates(number, limit + 1, before);
      const { shown, next } = certificateCursors.page(found, limit, ({ at, id }) => [at.getTime(), id]);
      return { certificates: shown.map(show), next };
    },
  });

  app.get('/privacy/certificates/:certificate', {
    config: reading,
    schema: {
      tags,
      summary: 'One erasure',
      params: z.object({ certificate: z.string().max(40) }),
      response: { 200: Certificate },
    },
    async handler(request) {
      const { number } = organizationOf(request);
      const certificate = await stores.retention.certificate(number, request.params.certificate);
      if (certificate === undefined) throw new HttpProblem('not-found');
      return show(certificate);
    },
  });

  app.get('/privacy/numbers', {
    config: { caller: 'organization:counts.read' },
    schema: {
      tags,
      summary: 'Numbers of this week that name nobody',
      response: {
        200: z.object({
          numbers: z.array(
            z.object({
              week: z.string(),
              check: z.string(),
              status: z.string(),
              laptops: z.number().nullable().describe('Null where the group is too small to be shown'),
            }),
          ),
        }),
      },
    },
    async handler(request) {
      const cells = await numbersOf(stores, organizationOf(request), actorOf(request), now());
      return { numbers: cells.map((cell) => ({ ...cell })) };
    },
  });

  app.get('/privacy/documents', {
    config: reading,
    schema: {
      tags,
      summary: 'What the collector says of itself, as documents',
      response: {
        200: z.object({
          documents: z.array(z.object({ id: z.string(), title: z.string(), about: z.string() })),
        }),
      },
    },
    handler: async () => ({
      documents: privacyDocuments.map(({ id, title, about }) => ({ id, title, about })),
    }),
  });

  app.get('/privacy/documents/:document', {
    config: reading,
    schema: {
      tags,
      summary: 'One of them, as PDF',
      params: z.object({ document: z.string().max(40) }),
      response: { 200: file('application/pdf') },
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const document = privacyDocuments.find(({ id }) => id === request.params.document);
      if (document === undefined) throw new HttpProblem('not-found');
      const { paperPdf } = await import('../../exports/paper-pdf.ts');
      const pdf = await paperPdf({
        title: document.title,
        organization: organization.name,
        reference: 'Muster',
        at: now(),
        parts: document.parts(processingOf(organization)),
      });
      return sendFile(reply, 'application/pdf', pdf);
    },
  });

  app.post('/privacy/assessment', {
    config: { caller: 'organization:registers.write' },
    schema: {
      tags,
      summary: 'Take the draft impact assessment into its register',
      response: { 201: z.object({ register: z.string(), record: z.string() }) },
    },
    async handler(request, reply) {
      const values = assessmentValues(processingOf(organizationOf(request)));
      const worker = await workerOf(request, stores, now());
      const { id } = await openRecord(stores, impactAssessments, values, worker, now());
      return reply.code(201).send({ register: impactAssessments.id, record: id });
    },
  });
};
