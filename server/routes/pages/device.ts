import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Check } from '../../../shared/check.ts';
import { checks } from '../../../shared/checks/index.ts';
import type { Finding } from '../../../shared/judge.ts';
import { Id, reportMediaType } from '../../../shared/report.ts';
import { actorOf, organizationOf } from '../../caller.ts';
import { judgeNow } from '../../desk/judge-now.ts';
import { deviceThen } from '../../history/device-then.ts';
import { type PastDay, pastDay } from '../../history/look-back.ts';
import { addresses } from '../../pages/addresses.ts';
import { DevicePage } from '../../pages/device.tsx';
import type { FindingView } from '../../pages/model.ts';
import { RestrictedPage } from '../../pages/privacy/holder.tsx';
import { HttpProblem } from '../../problem.ts';
import { verifyEvidence } from '../../review/evidence.ts';
import { publicKeyOf } from '../../signing/keys.ts';
import type { Device } from '../../storage/devices.ts';
import type { KnownFinding } from '../../storage/findings.ts';
import { changeView } from './change-view.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';
import { waiverRows } from './waiver-rows.ts';

const reportsShown = 20;
const changesShown = 10;

const Params = z.object({ organization: z.string().max(40), device: z.string().max(40) });

/** One laptop: what is wrong and how to put it right, and the signed reports that say so. */
export const deviceRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  async function find(organization: number, id: string): Promise<Device> {
    const device = Id.safeParse(id).success ? await stores.devices.byId(organization, id) : undefined;
    if (device === undefined) throw new HttpProblem('not-found');
    return device;
  }

  /** The newest reports verified anew, and the one that brought the facts even where it is older than those. */
  async function evidenceOf(device: Device) {
    const { number, sequence, factsSequence } = device;
    // One more than is shown: the oldest shown must name it.
    const oldest = sequence - reportsShown + 1;
    const [newest, factual, sender] = await Promise.all([
      stores.reports.recent(number, sequence, reportsShown + 1),
      factsSequence !== null && factsSequence < oldest ? stores.reports.recent(number, factsSequence, 2) : [],
      stores.devices.sender(device.id),
    ]);
    if (sender === undefined) return [];
    const key = publicKeyOf(sender.publicKey);
    return [
      ...verifyEvidence(newest, device.id, key).slice(0, reportsShown),
      ...verifyEvidence(factual, device.id, key).slice(0, 1),
    ].map((evidence) => ({ ...evidence, receivedAt: evidence.receivedAt.toISOString() }));
  }

  async function lookNow(device: Device, at: Date) {
    const [judged, known, changes, reports] = await Promise.all([
      judgeNow(stores, device, at),
      stores.findings.ofDevice(device.organization, device.number),
      stores.history.ofDevice(device.organization, device.number, changesShown + 1),
      evidenceOf(device),
    ]);
    return { ...judged, device, known, changes, reports };
  }

  async function lookThen(now: Device, { at }: PastDay) {
    const { device, policy, assessment, state, since, changes } = await deviceThen(stores, now, at);
    const reports = await evidenceOf(device);
    return { device, policy, findings: assessment.findings, state, known: since, changes, reports };
  }

  app.get('/organizations/:organization/devices/:device', {
    config: { caller: 'organization:fleet.read' },
    schema: { hide: true, params: Params, querystring: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const at = now();
      const viewer = viewerOf(request);
      const organization = organizationOf(request);
      const device = await find(organization.number, request.params.device);
      const restrictedSince = (await stores.restrictions.of(organization.number)).get(device.id);
      if (restrictedSince !== undefined) {
        return sendPage(reply, RestrictedPage, {
          viewer,
          organization: { id: organization.id, name: organization.name },
          device: { id: device.id, label: device.label },
          since: restrictedSince.toISOString(),
        });
      }
      const past = pastDay(request.query['asOf'], at);
      if (past !== null && device.enrolledAt > past.at) {
        return reply.redirect(addresses.device(organization.id, device.id), 303);
      }
      const [look, waiting] = await Promise.all([
        past === null ? lookNow(device, at) : lookThen(device, past),
        past === null && viewer.may.includes('waivers.read')
          ? stores.waivers.waitingFor(organization.number, device.number)
          : [],
        stores.audit.record(
          {
            organization: organization.number,
            actor: actorOf(request),
            action: 'device.view',
            subject: device.id,
          },
          at,
        ),
      ]);
      const { policy, findings, changes, reports, known } = look;
      const moment = past?.at ?? at;
      const about = look.device;
      return sendPage(reply, DevicePage, {
        viewer,
        now: moment.toISOString(),
        past: past && { date: past.date },
        organization: { id: organization.id, name: organization.name },
        policy: { id: policy.id, version: policy.version },
        device: { id: device.id, label: device.label, assetTag: device.assetTag ?? undefined },
        state: about.revokedAt === null ? look.state : ('retired' as const),
        system: about.system,
        agentVersion: about.agent,
        enrolledAt: device.enrolledAt.toISOString(),
        removedAt: about.revokedAt?.toISOString() ?? null,
        leaveUntil:
          about.leaveUntil !== null && about.leaveUntil > moment ? about.leaveUntil.toISOString() : null,
        owner: device.owner,
        agreement: device.agreement,
        lastReportAt: about.receivedAt?.toISOString() ?? null,
        findings: findings.map((finding) => findingView(finding, about, known, moment)),
        changes: changes.slice(0, changesShown).flatMap(changeView),
        moreChanges: changes.length > changesShown,
        reports,
        waiting: await waiverRows(stores, waiting, { id: organization.id, name: organization.name }, at),
      });
    },
  });

  app.get('/organizations/:organization/devices/:device/reports/:sequence(^\\d+).jws', {
    config: { caller: 'organization:fleet.read' },
    schema: { hide: true, params: Params.extend({ sequence: z.coerce.number().int().positive() }) },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const device = await find(organization.number, request.params.device);
      if (await stores.restrictions.isRestricted(device.id)) throw new HttpProblem('not-allowed');
      const report = await stores.reports.bySequence(device.number, request.params.sequence);
      if (report?.jws === undefined) throw new HttpProblem('not-found');
      await stores.audit.record(
        {
          organization: organization.number,
          actor: actorOf(request),
          action: 'report.download',
          subject: device.id,
          detail: { sequence: report.sequence },
        },
        now(),
      );
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${device.label}-${report.sequence}.jws"`)
        .type(reportMediaType)
        .serializer(String)
        .send(report.jws);
    },
  });
};

function findingView(
  finding: Finding,
  device: Device,
  known: ReadonlyMap<string, KnownFinding>,
  at: Date,
): FindingView {
  const { rationale, answeredBy } = checks[finding.check] as unknown as Check;
  return {
    check: finding.check,
    title: finding.title,
    rationale,
    status: finding.status,
    severity: finding.severity,
    attention: finding.attention,
    points: finding.points.map((point) => {
      const before = known.get(`${finding.check}/${point.point}`);
      return {
        ...point,
        // What was judged otherwise a moment ago (a date passed since) has only now become so.
        since: (before?.status === point.status ? before.since : at).toISOString(),
        evidence: answeredBy === 'collector' ? null : device.factsSequence,
      };
    }),
  };
}
