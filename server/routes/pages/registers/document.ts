import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../../caller.ts';
import { registerAddresses } from '../../../pages/registers/addresses.ts';
import { RecordDocumentPage } from '../../../pages/registers/record-document.tsx';
import { HttpProblem } from '../../../problem.ts';
import { recordPaper } from '../../../registers/papers.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { registerOf, workerOf } from './views.ts';

const Params = z.object({
  organization: z.string().max(40),
  register: z.string().max(40),
  record: z.string().max(40),
  document: z.string().max(40),
});

/** Notices and letters made of a record, as a page to print and as PDF. Only for those who see all of the record. */
export const recordDocumentRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function make(request: FastifyRequest, given: z.infer<typeof Params>, at: Date) {
    const organization = organizationOf(request);
    const register = registerOf(given.register);
    const paper = await recordPaper(stores, register, organization, workerOf(request), given, at);
    if (paper === 'unknown') throw new HttpProblem('not-found');
    if (paper === 'hidden') throw new HttpProblem('not-allowed');
    return { organization, register, ...paper };
  }

  app.get('/organizations/:organization/registers/:register/records/:record/documents/:document', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const at = now();
      const { organization, register, full, document, reference, parts } = await make(
        request,
        request.params,
        at,
      );
      return sendPage(reply, RecordDocumentPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        place: {
          organization: { id: organization.id, name: organization.name },
          section: 'registers' as const,
        },
        trail: [
          { name: 'Registers', address: registerAddresses.registers(organization.id) },
          { name: register.title, address: registerAddresses.register(organization.id, register.id) },
          {
            name: reference,
            address: registerAddresses.record(organization.id, register.id, full.record.id),
          },
        ],
        reference,
        title: document.title,
        pdf: `${registerAddresses.document(organization.id, register.id, full.record.id, document.id)}.pdf`,
        parts,
      });
    },
  });

  app.get('/organizations/:organization/registers/:register/records/:record/documents/:document.pdf', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const at = now();
      const { organization, document, reference, parts } = await make(request, request.params, at);
      const { paperPdf } = await import('../../../exports/paper-pdf.ts');
      const pdf = await paperPdf({
        title: document.title,
        organization: organization.name,
        reference,
        at,
        parts,
      });
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${reference}-${document.id}.pdf"`)
        .type('application/pdf')
        .send(pdf);
    },
  });
};
