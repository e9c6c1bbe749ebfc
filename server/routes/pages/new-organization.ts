import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { presets } from '../../../shared/policies/index.ts';
import { signedIn } from '../../caller.ts';
import { makeOrganization } from '../../desk/organizations.ts';
import { Refusal } from '../../desk/refusal.ts';
import { addresses } from '../../pages/addresses.ts';
import { NewOrganizationPage } from '../../pages/new-organization.tsx';
import { HttpProblem } from '../../problem.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const Text = z.string().max(1_000);

/** One more organization, made in the browser. */
export const newOrganizationRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  const listed = presets.map(({ id, name }) => ({ id, name }));

  app.get(addresses.newOrganization, {
    config: { caller: 'administrator' },
    schema: { hide: true },
    handler(request, reply) {
      return sendPage(reply, NewOrganizationPage, {
        viewer: viewerOf(request),
        presets: listed,
        name: '',
        contact: '',
        preset: 'base',
        errors: { name: undefined, contact: undefined },
      });
    },
  });

  app.post(addresses.newOrganization, {
    config: { caller: 'administrator' },
    schema: { hide: true, body: z.object({ csrf: Text, name: Text, contact: Text, preset: Text }) },
    async handler(request, reply) {
      const { user: administrator } = signedIn(request);
      const { name, contact, preset } = request.body;
      try {
        const { id } = await makeOrganization(stores, { name, contact, preset }, administrator, now());
        return reply.redirect(addresses.organization(id), 303);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.fields['preset'] !== undefined) throw new HttpProblem('invalid-request');
        return sendPage(reply.code(422), NewOrganizationPage, {
          viewer: viewerOf(request),
          presets: listed,
          name: name.trim(),
          contact: contact.trim(),
          preset,
          errors: { name: error.fields['name'], contact: error.fields['contact'] },
        });
      }
    },
  });
};
