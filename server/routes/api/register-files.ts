import { z } from 'zod';
import { organizationOf } from '../../caller.ts';
import { HttpProblem } from '../../problem.ts';
import { registerById } from '../../registers/index.ts';
import { recordPaper, registerTable } from '../../registers/papers.ts';
import type { Register } from '../../registers/register.ts';
import { file, sendFile } from './files.ts';
import type { ApiRoutes } from './options.ts';
import { workerOf } from './worker.ts';

const tags = ['registers'];
const caller = { caller: 'organization:registers.read' } as const;
const One = z.object({ register: z.string().max(40) });

/** Registers and their records as files. */
export const registerFileApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  function find(id: string): Register {
    const register = registerById(id);
    if (register === undefined) throw new HttpProblem('not-found');
    return register;
  }

  app.get('/register-files/:register', {
    config: caller,
    schema: {
      tags,
      summary:
        'A whole register as a table for a spreadsheet; what it says about people for those who see that',
      params: One,
      response: { 200: file('text/csv; charset=utf-8') },
    },
    async handler(request, reply) {
      const at = now();
      const worker = await workerOf(request, stores, at);
      const table = await registerTable(stores, find(request.params.register), worker, at);
      return sendFile(reply, 'text/csv; charset=utf-8', table);
    },
  });

  app.get('/register-files/:register/:record/:document', {
    config: caller,
    schema: {
      tags,
      summary: 'A notice or letter made of a record, as PDF; only for those who see all of the record',
      params: One.extend({ record: z.string().max(40), document: z.string().max(40) }),
      response: { 200: file('application/pdf') },
    },
    async handler(request, reply) {
      const at = now();
      const organization = organizationOf(request);
      const worker = await workerOf(request, stores, at);
      const register = find(request.params.register);
      const paper = await recordPaper(stores, register, organization, worker, request.params, at);
      if (paper === 'unknown') throw new HttpProblem('not-found');
      if (paper === 'hidden') throw new HttpProblem('not-allowed');
      const { paperPdf } = await import('../../exports/paper-pdf.ts');
      const pdf = await paperPdf({
        title: paper.document.title,
        organization: organization.name,
        reference: paper.reference,
        at,
        parts: paper.parts,
      });
      return sendFile(reply, 'application/pdf', pdf);
    },
  });
};
