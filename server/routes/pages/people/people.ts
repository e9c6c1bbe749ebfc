import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { endOf, endProblem } from '../../../access/membership.ts';
import { actorOf } from '../../../caller.ts';
import { addresses } from '../../../pages/addresses.ts';
import { peopleAddresses } from '../../../pages/people/addresses.ts';
import { PeoplePage, type PeopleView } from '../../../pages/people/people.tsx';
import { InvitationPage } from '../../../pages/people/person.tsx';
import { roles } from '../../../permissions.ts';
import { HttpProblem } from '../../../problem.ts';
import type { User } from '../../../storage/users.ts';
import type { AccessOptions } from '../begin-session.ts';
import { sendPage } from '../send-page.ts';
import { organizationOf, viewerOf } from '../viewer.ts';
import { doneWords, personOf } from './words.ts';

export const Params = z.object({ organization: z.string().max(40) });
export const Csrf = z.string().max(200);
export const RoleName = z.enum(roles);
/** A day as a date field sends it; empty where none was chosen. */
export const Until = z.union([z.literal(''), z.iso.date()]).default('');

/** Days an invitation is good. */
const invitationDays = 7;

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
      const problem = endProblem(role, until, at);
      if (problem !== undefined) return send(request, reply, { problem, given: { email, name, role } });
      const actor = actorOf(request);
      const known = await stores.users.byEmail(email);
      if (known !== undefined && known.id === request.staff?.user.id) {
        return send(request, reply, { problem: 'That is you. Nobody gives themselves a role.' });
      }
      const user: User = known ?? (await stores.users.create({ email, name }, actor, at));
      await stores.users.grant(user, organization.number, role, actor, at, endOf(until));
      await stores.audit.record(
        { organization: organization.number, actor, action: 'user.invite', subject: user.id },
        at,
      );
      return sendInvitation(request, reply, user);
    },
  });

  /** A link only where there is no other way in, and no other organization: nobody gets hold of somebody else's account by it. */
  async function sendInvitation(request: FastifyRequest, reply: FastifyReply, user: User) {
    const at = now();
    const { number, id, name } = organizationOf(request);
    const until = new Date(at.getTime() + invitationDays * 86_400_000);
    const code = (await stores.members.isOnlyInvited(number, user.number))
      ? await stores.sessions.createLink(user, until, actorOf(request), at, 'invitation')
      : undefined;
    const link = code === undefined ? null : `${access.origin(request)}${addresses.signInLink(code)}`;
    return sendPage(reply, InvitationPage, {
      viewer: viewerOf(request),
      organization: { id, name },
      person: { id: user.id, name: user.name, email: user.email },
      link,
      days: invitationDays,
      mailed: await mail(request, user, link),
    });
  }

  /** Tells the person by e-mail, where any is sent. A server that does not take it is no reason to fail: the link is on the page. */
  async function mail(request: FastifyRequest, user: User, link: string | null): Promise<boolean> {
    if (access.mailer === undefined) return false;
    const { name } = organizationOf(request);
    const origin = access.origin(request);
    const intro =
      link === null
        ? `You can see ${name} from now on: sign in as usual.`
        : `You are invited to see the laptops of ${name}. The link lets you in once, within ${invitationDays} days, to choose a password.`;
    try {
      await access.mailer.send(user.email, `invitation-${user.id}-${now().getTime()}`, {
        subject: `${name}: you are invited`,
        intro,
        sections: [],
        link: { text: 'Sign in', url: link ?? `${origin}${addresses.signIn}` },
        settingsUrl: `${origin}${addresses.account}`,
      });
      return true;
    } catch (error) {
      request.log.warn({ err: error }, 'an invitation could not be mailed');
      return false;
    }
  }

  app.post('/organizations/:organization/people/:person/link', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: Params.extend({ person: z.string().max(40) }),
      body: z.object({ csrf: Csrf }),
    },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const members = await stores.members.list(number);
      const user = members.some(({ id }) => id === request.params.person)
        ? await stores.users.byId(request.params.person)
        : undefined;
      if (user === undefined) throw new HttpProblem('not-found');
      return sendInvitation(request, reply, user);
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
