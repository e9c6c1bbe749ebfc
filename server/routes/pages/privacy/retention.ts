import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../../caller.ts';
import { CertificatePage, type CertificateView, RetentionPage } from '../../../pages/privacy/retention.tsx';
import { heldScopes } from '../../../privacy/purge.ts';
import { retentionSchedule, retentionWords } from '../../../privacy/retention.ts';
import { HttpProblem } from '../../../problem.ts';
import type { ErasureCertificate } from '../../../storage/privacy/retention.ts';
import { sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import type { PrivacyOptions } from './people.ts';

const shown = 100;
const Organization = z.object({ organization: z.string().max(40) });

const kinds: Readonly<Record<string, string>> = {
  people: 'Name, address and the connection to laptops',
  laptops: 'Laptops that belong to nobody since',
  records: 'Records of registers that said something about the person',
  answers: 'Answers to statements',
  reasons: 'Reasons given with requests for a waiver',
};

/** What is kept for how long, and the proof of what was deleted. */
export const retentionRoutes: FastifyPluginAsyncZod<PrivacyOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization/privacy/retention', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Organization },
    async handler(request, reply) {
      const { id, name, number } = organizationOf(request);
      const [held, receipts, certificates] = await Promise.all([
        heldScopes(stores, number, now()),
        stores.retention.receipts(number, shown),
        stores.retention.certificates(number, shown),
      ]);
      return sendPage(reply, RetentionPage, {
        viewer: viewerOf(request),
        organization: { id, name },
        schedule: retentionSchedule.map((of) => ({
          id: of.id,
          title: of.title,
          what: of.what,
          kept: retentionWords(of),
          reason: of.reason,
          source: of.source,
          held: of.hold !== undefined && held.has(of.hold),
          deletedBy: of.deletedBy,
        })),
        receipts: receipts.map((receipt) => ({
          title: retentionSchedule.find((of) => of.id === receipt.class)?.title ?? 'Records of registers',
          at: receipt.at.toISOString(),
          deleted: receipt.deleted,
          oldest: receipt.oldest.toISOString(),
        })),
        certificates: certificates.map(viewOf),
      });
    },
  });

  app.get('/organizations/:organization/privacy/certificates/:certificate', {
    config: { caller: 'organization:registers.read' },
    schema: {
      hide: true,
      params: Organization.extend({ certificate: z.string().max(40) }),
      querystring: z.object({ look: z.string().max(2_000).optional() }),
    },
    async handler(request, reply) {
      const { id, name, number } = organizationOf(request);
      const certificate = await stores.retention.certificate(number, request.params.certificate);
      if (certificate === undefined) throw new HttpProblem('not-found');
      const { look = '' } = request.query;
      return sendPage(reply, CertificatePage, {
        viewer: viewerOf(request),
        organization: { id, name },
        certificate: viewOf(certificate),
        byHand: look.split(',').filter((reference) => /^[A-Z]{2,3}-\d+$/.test(reference)),
      });
    },
  });
};

const viewOf = ({ id, at, backupsUntil, erased }: ErasureCertificate): CertificateView => ({
  id,
  at: at.toISOString(),
  backupsUntil: backupsUntil.toISOString(),
  erased: Object.entries(erased).map(([kind, many]) => ({ what: kinds[kind] ?? kind, many })),
});
