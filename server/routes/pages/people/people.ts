import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf, signedIn } from '../../../caller.ts';
import { invitationDays, invite, memberOf, sendInvitation } from '../../../desk/people.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { peopleAddresses } from '../../../pages/people/addresses.ts';
import { PeoplePage, type PeopleView } from '../../../pages/people/people.tsx';
import { InvitationPage } from '../../../pages/people/person.tsx';
import { roles } from '../../../permissions.ts';
import { HttpProblem } from '../../../problem.ts';
import type { User } from '../../../storage/users.ts';
import type { AccessOptions } from '../begin-session.ts';
import { sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { doneWords, personOf } from './words.ts';

export const Params = z.object({ organization: z.string().max(40) });
export const Csrf = z.string().max(200);
export const RoleName = z.enum(roles);
/** A day as a date field sends it; empty where none was chosen. */
export const Until = z.union([z.literal(''), z.iso.date()]).default('');

/** Who has access to an organization; inviting, and what is asked of everybody. */
export const peopleRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, options) => {
  const { stores, now, access } = options;

  async function send(
    request: FastifyRequest,
    reply: FastifyReply,
    more: Pick<PeopleView, 'problem' | 'given' | 'done'> = {},
  ): Promise<FastifyReply> {
    const at = now();
    const { number, id, name } = organizationOf(request);
    const [members, secondFactorRequired, tokens] = await Promise.all([
      stores.members.list(number),
      stores.members.secondFactorRequired(number),
      stores.apiTokens.list(number),
    ]);
    return sendPage(reply.code(more.problem === undefined ? 200 : 422), PeoplePage, {
      viewer: viewerOf(request),
      now: at.toISOString(),
      organization: { id, name },
      people: members.map((member) => personOf(member, at)),
      secondFactorRequired,
      apiTokens: tokens.filter(({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > at).length,
      ...more,
    });
  }

  app.get('/organizations/:organization/people', {
    config: { caller: 'organization:people.read' },
    schema: { hide: true, params: Params, querystring: z.object({ done: z.string().max(20).optional() }) },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'people.view', subject: id },
        now(),
      );
      const { done } = request.query;
      return send(request, reply, { done: done === undefined ? undefined : doneWords[done] });
    },
  });

  app.post('/organizations/:organization/people', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: Params,
      body: z.object({
        csrf: Csrf,
        email: z.email().max(200),
        name: z.string().trim().min(1).max(100),
        role: RoleName,
        until: Until,
      }),
    },
    async handler(request, reply) {
      const at = now();
      const organization = organizationOf(request);
      const { email, name, role, until } = request.body;
      try {
        const manager = { actor: actorOf(request), self: signedIn(request).user.id };
        const user = await invite(stores, organization.number, { email, name, role, until }, manager, at);
        return await invited(request, reply, user);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return send(request, reply, { problem: error.message, given: { email, name, role } });
      }
    },
  });

  async function invited(request: FastifyRequest, reply: FastifyReply, user: User) {
    const organization = organizationOf(request);
    const given = { origin: access.origin(request), actor: actorOf(request), log: request.log };
    const { link, mailed } = await sendInvitation(stores, access, organization, user, given, now());
    return sendPage(reply, InvitationPage, {
      viewer: viewerOf(request),
      organization: { id: organization.id, name: organization.name },
      person: { id: user.id, name: user.name, email: user.email },
      link,
      days: invitationDays,
      mailed,
    });
  }

  app.post('/organizations/:organization/people/:person/link', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: Params.extend({ person: z.string().max(40) }),
      body: z.object({ csrf: Csrf }),
    },
    async handler(request, reply) {
      const found = await memberOf(stores, organizationOf(request).number, request.params.person);
      if (found === undefined) throw new HttpProblem('not-found');
      return invited(request, reply, found.user);
    },
  });

  app.post('/organizations/:organization/second-factor', {
    config: { caller: 'organization:people.manage' },
    schema: { hide: true, params: Params, body: z.object({ csrf: Csrf, required: z.enum(['yes', 'no']) }) },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      await stores.members.requireSecondFactor(
        number,
        request.body.required === 'yes',
        actorOf(request),
        now(),
      );
      return reply.redirect(`${peopleAddresses.people(id)}?done=setting`, 303);
    },
  });
};
