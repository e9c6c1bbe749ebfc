import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../../caller.ts';
import { putRight } from '../../../desk/campaigns.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { attestationAddresses } from '../../../pages/attestations/addresses.ts';
import { HttpProblem } from '../../../problem.ts';
import type { AccessOptions } from '../begin-session.ts';
import { sendCampaign } from './campaign-view.ts';

const Campaign = z.object({ organization: z.string().max(40), campaign: z.string().max(40) });
const Person = Campaign.extend({ person: z.string().max(40) });

/** One campaign, and what is done with the answers. */
export const campaignRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now } = options;

  app.get('/organizations/:organization/attestations/:campaign', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Campaign },
    handler: (request, reply) => sendCampaign(options, request, reply, request.params.campaign),
  });

  app.post('/organizations/:organization/attestations/:campaign/end', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Campaign },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const { campaign } = request.params;
      if (!(await stores.attestations.end(number, campaign, actorOf(request), now())))
        throw new HttpProblem('not-found');
      return reply.redirect(attestationAddresses.campaign(id, campaign), 303);
    },
  });

  app.post('/organizations/:organization/attestations/:campaign/people/:person/link', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Person },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { campaign, person } = request.params;
      const code = await stores.attestations.renewLink(number, campaign, person, actorOf(request), now());
      const asked = await stores.attestations.people(number, campaign);
      const pseudonym = asked.find(({ id }) => id === person)?.pseudonym;
      if (code === undefined || pseudonym === undefined) throw new HttpProblem('not-found');
      const address = `${options.access.origin(request)}${attestationAddresses.link(code)}`;
      return sendCampaign(options, request, reply, campaign, {
        links: [{ pseudonym, contact: null, address }],
      });
    },
  });

  app.get('/organizations/:organization/attestations/:campaign/people/:person/statement.jws', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Person },
    async handler(request, reply) {
      const { campaign, person } = request.params;
      const people = await stores.attestations.people(organizationOf(request).number, campaign);
      const asked = people.find(({ id }) => id === person);
      if (asked === undefined || asked.signed === null) throw new HttpProblem('not-found');
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${asked.pseudonym}.jws"`)
        .type('application/jose')
        .serializer(String)
        .send(asked.signed);
    },
  });

  app.post('/organizations/:organization/attestations/:campaign/people/:person/countersign', {
    config: { caller: 'organization:registers.approve' },
    schema: { hide: true, params: Person },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const { campaign, person } = request.params;
      if (!(await stores.attestations.countersign(number, campaign, person, actorOf(request), now()))) {
        throw new HttpProblem('not-found');
      }
      return reply.redirect(attestationAddresses.campaign(id, campaign), 303);
    },
  });

  app.post('/organizations/:organization/attestations/:campaign/people/:person/put-right', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Person, body: z.looseObject({ note: z.string().max(2_000) }) },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      const { campaign, person } = request.params;
      const given = { campaign, person, note: request.body.note };
      try {
        if (!(await putRight(stores, number, given, actorOf(request), now()))) {
          throw new HttpProblem('not-found');
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return sendCampaign(options, request, reply.code(422), campaign, { problem: error.message });
      }
      return reply.redirect(attestationAddresses.campaign(id, campaign), 303);
    },
  });
};
