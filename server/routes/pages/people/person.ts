import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf, signedIn } from '../../../caller.ts';
import { giveRole, mayDisable, memberOf, setDisabled, takeRole } from '../../../desk/people.ts';
import { Refusal } from '../../../desk/refusal.ts';
import { peopleAddresses } from '../../../pages/people/addresses.ts';
import { PersonPage } from '../../../pages/people/person.tsx';
import { HttpProblem } from '../../../problem.ts';
import type { Member } from '../../../storage/members.ts';
import type { User } from '../../../storage/users.ts';
import type { AccessOptions } from '../begin-session.ts';
import { sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { Csrf, Params, RoleName, Until } from './people.ts';
import { doneWords, personOf } from './words.ts';

const PersonParams = Params.extend({ person: z.string().max(40) });

/** One person's roles in an organization, and their account. */
export const personRoutes: FastifyPluginAsyncZod<AccessOptions> = async (app, { stores, now }) => {
  /** Somebody with a role here, current or ended; anybody else is answered like nobody. */
  async function find(request: FastifyRequest): Promise<{ member: Member; user: User }> {
    const { person } = request.params as z.infer<typeof PersonParams>;
    const found = await memberOf(stores, organizationOf(request).number, person);
    if (found === undefined) throw new HttpProblem('not-found');
    return found;
  }

  const managerOf = (request: FastifyRequest) => ({
    actor: actorOf(request),
    self: signedIn(request).user.id,
  });

  async function send(request: FastifyRequest, reply: FastifyReply, problem?: string, done?: string) {
    const at = now();
    const { member, user } = await find(request);
    const { number, id, name } = organizationOf(request);
    return sendPage(reply.code(problem === undefined ? 200 : 422), PersonPage, {
      viewer: viewerOf(request),
      now: at.toISOString(),
      organization: { id, name },
      person: personOf(member, at),
      self: user.id === request.staff?.user.id,
      elsewhere: await stores.members.isElsewhere(number, user.number),
      problem,
      done,
    });
  }

  /** Does it, or says on the page why it cannot be done. */
  async function attempt(
    request: FastifyRequest,
    reply: FastifyReply,
    done: string,
    work: () => Promise<unknown>,
  ): Promise<FastifyReply> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Refusal) return send(request, reply, error.message);
      throw error;
    }
    const { organization, person } = request.params as z.infer<typeof PersonParams>;
    const left = (await stores.members.list(organizationOf(request).number)).some(({ id }) => id === person);
    const address = left
      ? peopleAddresses.person(organization, person)
      : peopleAddresses.people(organization);
    return reply.redirect(`${address}?done=${done}`, 303);
  }

  app.get('/organizations/:organization/people/:person', {
    config: { caller: 'organization:people.read' },
    schema: {
      hide: true,
      params: PersonParams,
      querystring: z.object({ done: z.string().max(20).optional() }),
    },
    async handler(request, reply) {
      const { user } = await find(request);
      await stores.audit.record(
        {
          organization: organizationOf(request).number,
          actor: actorOf(request),
          action: 'person.view',
          subject: user.id,
        },
        now(),
      );
      return send(request, reply, undefined, doneWords[request.query.done ?? '']);
    },
  });

  app.post('/organizations/:organization/people/:person/roles', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: PersonParams,
      body: z.object({ csrf: Csrf, role: RoleName, until: Until }),
    },
    async handler(request, reply) {
      const { user } = await find(request);
      const { role, until } = request.body;
      const { number } = organizationOf(request);
      return attempt(request, reply, 'role', () =>
        giveRole(stores, number, user, { role, until }, managerOf(request), now()),
      );
    },
  });

  app.post('/organizations/:organization/people/:person/roles/remove', {
    config: { caller: 'organization:people.manage' },
    schema: { hide: true, params: PersonParams, body: z.object({ csrf: Csrf, role: RoleName }) },
    async handler(request, reply) {
      const { user } = await find(request);
      const { number } = organizationOf(request);
      return attempt(request, reply, 'taken', () =>
        takeRole(stores, number, user, request.body.role, actorOf(request), now()),
      );
    },
  });

  app.post('/organizations/:organization/people/:person/disable', {
    config: { caller: 'organization:people.manage' },
    schema: {
      hide: true,
      params: PersonParams,
      body: z.object({ csrf: Csrf, disabled: z.enum(['yes', 'no']) }),
    },
    async handler(request, reply) {
      const { user } = await find(request);
      const { number } = organizationOf(request);
      if (!(await mayDisable(stores, number, user, managerOf(request)))) {
        throw new HttpProblem('not-allowed');
      }
      const disabled = request.body.disabled === 'yes';
      return attempt(request, reply, disabled ? 'disabled' : 'enabled', () =>
        setDisabled(stores, user, disabled, actorOf(request), now()),
      );
    },
  });
};
