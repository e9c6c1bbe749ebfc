import type { FastifyReply, FastifyRequest } from 'fastify';
import { organizationOf } from '../../../caller.ts';
import { CampaignPage, type PersonalLink } from '../../../pages/attestations/campaign.tsx';
import { HttpProblem } from '../../../problem.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';

/** Sends the page of a campaign; links that were just made are shown this once. */
export async function sendCampaign(
  { stores, now }: PageOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  more: {
    readonly links?: readonly PersonalLink[];
    readonly mailed?: boolean;
    readonly problem?: string;
  } = {},
): Promise<FastifyReply> {
  const organization = organizationOf(request);
  const campaign = await stores.attestations.byId(organization.number, id);
  if (campaign === undefined) throw new HttpProblem('not-found');
  const people = await stores.attestations.people(organization.number, id);
  const text = (at: Date | null) => at?.toISOString() ?? null;
  return sendPage(reply, CampaignPage, {
    viewer: viewerOf(request),
    now: now().toISOString(),
    organization: { id: organization.id, name: organization.name },
    campaign: {
      id,
      title: campaign.title,
      statement: campaign.statement,
      digest: campaign.digest,
      role: campaign.role,
      periodFrom: campaign.periodFrom.toISOString(),
      createdAt: campaign.createdAt.toISOString(),
      dueAt: campaign.dueAt.toISOString(),
      validUntil: campaign.validUntil.toISOString(),
      ended: campaign.endedAt !== null,
    },
    people: people.map(({ signed, ...person }) => ({
      signed: signed !== null,
      ...person,
      answeredAt: text(person.answeredAt),
      countersignedAt: text(person.countersignedAt),
      actionDueAt: text(person.actionDueAt),
      actionDoneAt: text(person.actionDoneAt),
    })),
    ...more,
  });
}
