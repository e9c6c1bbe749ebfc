import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { checkIds } from '../../../shared/checks/index.ts';
import { presets } from '../../../shared/policies/index.ts';
import { type Policy, PolicyError } from '../../../shared/policy.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { openDraft, presetPolicy, replaceDraft } from '../../desk/policy-draft.ts';
import { ChangedMeanwhile, Refusal } from '../../desk/refusal.ts';
import { addresses } from '../../pages/addresses.ts';
import { PolicyDraftPage } from '../../pages/policy-draft.tsx';
import { PolicyDraftCheckPage } from '../../pages/policy-draft-check.tsx';
import { PolicyDraftSchedulePage } from '../../pages/policy-draft-schedule.tsx';
import { PolicyImportPage } from '../../pages/policy-import.tsx';
import { readPolicyYaml } from '../../policy-yaml.ts';
import { HttpProblem } from '../../problem.ts';
import { scheduleWords } from '../../review/policy-difference.ts';
import {
  checkFields,
  type FormBody,
  readCheckFields,
  readScheduleFields,
  scheduleFields,
} from '../../review/policy-form.ts';
import { policyPoints } from '../../review/policy-points.ts';
import type { PolicyDraft } from '../../storage/policy-drafts.ts';
import { policyPeople } from './policy-people.ts';
import type { PublishOptions } from './policy-publish.ts';
import { sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

/** A policy file is larger than other forms. */
const importLimit = 256 * 1024;

const Params = z.object({ organization: z.string().max(40) });
const CheckParams = Params.extend({ check: z.string().max(40) });
const Edit = z.coerce.number().int().min(0);
const Body = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const caller = 'organization:policy.write' as const;

/** Working on the next version of a policy; nothing of it judges anybody. */
export const policyDraftRoutes: FastifyPluginAsyncZod<PublishOptions> = async (
  app,
  { stores, now, trials },
) => {
  const people = policyPeople(stores);

  const frameOf = (request: FastifyRequest) => {
    const { id, name } = organizationOf(request);
    return { viewer: viewerOf(request), organization: { id, name } };
  };

  /** Keeps a change made to the state the form was filled from; false where somebody else was faster. */
  async function keep(request: FastifyRequest, policy: Policy, what: string): Promise<boolean> {
    const edit = Edit.safeParse((request.body as FormBody)['edit']);
    if (!edit.success) throw new HttpProblem('invalid-request');
    const { number } = organizationOf(request);
    return (
      (await stores.policyDrafts.save(number, policy, edit.data, what, actorOf(request), now())) !== undefined
    );
  }

  const conflictOf = async (draft: PolicyDraft | undefined) => ({
    by: draft === undefined ? 'Somebody' : await people.name(draft.editedBy),
  });

  const toDraft = (request: FastifyRequest, reply: FastifyReply) =>
    reply.redirect(addresses.policyDraft(organizationOf(request).id), 303);

  app.get('/organizations/:organization/policy/draft', {
    config: { caller },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const { number } = organizationOf(request);
      const { draft, inForce, policy, edit, changes } = await openDraft(stores, number);
      // What it would mean is asked next: by then it is told.
      if (changes.length > 0) trials.begin({ organization: number, current: inForce, draft: policy, edit });
      return sendPage(reply, PolicyDraftPage, {
        ...frameOf(request),
        edit,
        inForce: { id: inForce.id, version: inForce.version },
        basedOn: draft?.basedOn ?? inForce.version,
        editedAt: draft?.editedAt.toISOString() ?? null,
        editedBy: draft === undefined ? null : await people.name(draft.editedBy),
        changes,
        checks: policyPoints(policy),
        schedule: scheduleWords(policy.run),
      });
    },
  });

  app.post('/organizations/:organization/policy/draft/discard', {
    config: { caller },
    schema: { hide: true, params: Params, body: Body },
    async handler(request, reply) {
      const { number, id } = organizationOf(request);
      await stores.policyDrafts.discard(number, actorOf(request), now());
      return reply.redirect(addresses.policy(id), 303);
    },
  });

  const idOf = (name: string) => {
    const id = checkIds.find((known) => known === name);
    if (id === undefined) throw new HttpProblem('not-found');
    return id;
  };

  app.get('/organizations/:organization/policy/draft/checks/:check', {
    config: { caller },
    schema: { hide: true, params: CheckParams },
    async handler(request, reply) {
      const id = idOf(request.params.check);
      const { policy, edit } = await openDraft(stores, organizationOf(request).number);
      const fields = checkFields(id, policy);
      return sendPage(reply, PolicyDraftCheckPage, {
        ...frameOf(request),
        edit,
        fields,
        conflict: undefined,
        refused: false,
      });
    },
  });

  app.post('/organizations/:organization/policy/draft/checks/:check', {
    config: { caller },
    schema: { hide: true, params: CheckParams, body: Body },
    async handler(request, reply) {
      const id = idOf(request.params.check);
      const { draft, policy, edit } = await openDraft(stores, organizationOf(request).number);
      const { fields, policy: changed } = readCheckFields(id, policy, request.body);
      const page = { ...frameOf(request), edit, fields, conflict: undefined, refused: false };
      if (changed === undefined) {
        return sendPage(reply.code(422), PolicyDraftCheckPage, { ...page, refused: true });
      }
      if (await keep(request, changed, id)) return toDraft(request, reply);
      return sendPage(reply.code(409), PolicyDraftCheckPage, { ...page, conflict: await conflictOf(draft) });
    },
  });

  app.get('/organizations/:organization/policy/draft/schedule', {
    config: { caller },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const { policy, edit } = await openDraft(stores, organizationOf(request).number);
      const fields = scheduleFields(policy);
      return sendPage(reply, PolicyDraftSchedulePage, {
        ...frameOf(request),
        edit,
        fields,
        conflict: undefined,
      });
    },
  });

  app.post('/organizations/:organization/policy/draft/schedule', {
    config: { caller },
    schema: { hide: true, params: Params, body: Body },
    async handler(request, reply) {
      const { draft, policy, edit } = await openDraft(stores, organizationOf(request).number);
      const { fields, policy: changed } = readScheduleFields(policy, request.body);
      const page = { ...frameOf(request), edit, fields, conflict: undefined };
      if (changed === undefined) return sendPage(reply.code(422), PolicyDraftSchedulePage, page);
      if (await keep(request, changed, 'run')) return toDraft(request, reply);
      return sendPage(reply.code(409), PolicyDraftSchedulePage, {
        ...page,
        conflict: await conflictOf(draft),
      });
    },
  });

  async function importPage(request: FastifyRequest, text: string, problem: string | undefined) {
    const { draft, edit } = await openDraft(stores, organizationOf(request).number);
    return {
      ...frameOf(request),
      edit,
      presets: presets.map(({ id, name }) => ({ id, name })),
      text,
      problem,
      replaces: draft !== undefined,
    };
  }

  app.get('/organizations/:organization/policy/draft/import', {
    config: { caller },
    schema: { hide: true, params: Params },
    handler: async (request, reply) =>
      sendPage(reply, PolicyImportPage, await importPage(request, '', undefined)),
  });

  app.post('/organizations/:organization/policy/draft/import', {
    config: { caller },
    bodyLimit: importLimit,
    schema: {
      hide: true,
      params: Params,
      body: z.object({
        csrf: z.string().max(200),
        edit: Edit,
        preset: z.string().max(40).optional(),
        text: z.string().max(importLimit).optional(),
      }),
    },
    async handler(request, reply) {
      const { preset, text = '' } = request.body;
      const { number } = organizationOf(request);
      try {
        const brought = preset === undefined ? readPolicyYaml(text) : presetPolicy(preset);
        await replaceDraft(stores, number, brought, request.body.edit, actorOf(request), now());
        return toDraft(request, reply);
      } catch (error) {
        if (error instanceof ChangedMeanwhile) {
          const problem =
            'Somebody else changed the draft while you had this page open. Send it again to put yours in its place.';
          return sendPage(reply.code(409), PolicyImportPage, await importPage(request, text, problem));
        }
        if (!(error instanceof PolicyError || error instanceof Refusal)) throw error;
        const problem = `This is no policy that can be used. ${error.message}`;
        return sendPage(reply.code(422), PolicyImportPage, await importPage(request, text, problem));
      }
    },
  });
};
