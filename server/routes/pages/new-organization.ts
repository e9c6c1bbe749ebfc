import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { presets } from '../../../shared/policies/index.ts';
import { addresses } from '../../pages/addresses.ts';
import { NewOrganizationPage } from '../../pages/new-organization.tsx';
import { HttpProblem } from '../../problem.ts';
import { signedIn } from './account-guard.ts';
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
      const [name, contact] = [request.body.name.trim(), request.body.contact.trim()];
      const preset = presets.find(({ id }) => id === request.body.preset);
      if (preset === undefined) throw new HttpProblem('invalid-request');
      // The command line asks for organizations by name: two of one name would get each other's laptops.
      const taken = (await stores.organizations.all()).some((known) => known.name === name);
      const errors = {
        name:
          name === '' || name.length > 200
            ? 'Write a name of 1 to 200 characters.'
            : taken
              ? 'Choose another name: this one cannot be used here.'
              : undefined,
        contact:
          contact === '' || contact.length > 200
            ? 'Say whom staff can ask, in 1 to 200 characters.'
            : undefined,
      };
      if (errors.name !== undefined || errors.contact !== undefined) {
        return sendPage(reply.code(422), NewOrganizationPage, {
          viewer: viewerOf(request),
          presets: listed,
          name,
          contact,
          preset: preset.id,
          errors,
        });
      }
      const { id } = await stores.organizations.create(
        { name, contact, policy: preset.policy, administrator },
        `user:${administrator.id}`,
        now(),
      );
      return reply.redirect(addresses.organization(id), 303);
    },
  });
};
