import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Check } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import type { Finding } from '../../../shared/judge.ts';
import { Id, reportMediaType } from '../../../shared/report.ts';
import { actorOf } from '../../caller.ts';
import { provenFacts } from '../../ingest/proven-facts.ts';
import { DevicePage } from '../../pages/device.tsx';
import type { ChangeView, FindingView } from '../../pages/model.ts';
import { HttpProblem } from '../../problem.ts';
import { assess } from '../../review/assess.ts';
import { verifyEvidence } from '../../review/evidence.ts';
import { publicKeyOf } from '../../signing/keys.ts';
import type { Device } from '../../storage/devices.ts';
import type { KnownFinding, Transition } from '../../storage/findings.ts';
import { type PageOptions, sendPage } from './send-page.ts';
import { organizationOf, viewerOf } from './viewer.ts';
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

  /** The device judged at this moment, from the report that last brought facts. */
  async function judgeNow(device: Device, at: Date) {
    const { id, machine, agent, owner, receivedAt, divergedAt, clockSkewSeconds, leaveUntil } = device;
    const [{ policy }, granted, facts] = await Promise.all([
      stores.organizations.policy(device.organization),
      stores.waivers.granted(device.organization),
      provenFacts(stores, device),
    ]);
    const waivers = granted.of({ id, owner, platform: machine.platform });
    const diverged = divergedAt !== null;
    const known = { machine, agent, owner, receivedAt, diverged, clockSkewSeconds, leaveUntil, waivers };
    return { policy, ...assess(facts, known, policy, at) };
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

  app.get('/organizations/:organization/devices/:device', {
    config: { caller: 'organization:fleet.read' },
    schema: { hide: true, params: Params },
    async handler(request, reply) {
      const at = now();
      const viewer = viewerOf(request);
      const organization = organizationOf(request);
      const device = await find(organization.number, request.params.device);
      const [{ policy, findings, state }, known, changes, reports, waiting] = await Promise.all([
        judgeNow(device, at),
        stores.findings.ofDevice(organization.number, device.number),
        stores.findings.timeline(organization.number, device.number, changesShown),
        evidenceOf(device),
        viewer.may.includes('waivers.read')
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
      return sendPage(reply, DevicePage, {
        viewer,
        now: at.toISOString(),
        organization: { id: organization.id, name: organization.name },
        policy: { id: policy.id, version: policy.version },
        device: { id: device.id, label: device.label, assetTag: device.assetTag ?? undefined },
        state,
        system: device.system,
        agentVersion: device.agent,
        enrolledAt: device.enrolledAt.toISOString(),
        removedAt: device.revokedAt?.toISOString() ?? null,
        lastReportAt: device.receivedAt?.toISOString() ?? null,
        findings: findings.map((finding) => findingView(finding, device, known, at)),
        changes: changes.flatMap(changeView),
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

/** A transition of a point in words; nothing for a check as a whole, or where this build no longer knows the point. */
function changeView({ subject, before, after, at, observed }: Transition): ChangeView[] {
  const [id = '', name = ''] = subject.split('/');
  const check = checks[id as CheckId] as unknown as Check | undefined;
  const point = check?.points[name];
  if (check === undefined || point === undefined) return [];
  return [
    {
      at: at.toISOString(),
      check: id,
      checkTitle: check.title,
      point: name,
      pointTitle: point.title,
      before,
      after,
      observed,
    },
  ];
}

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
