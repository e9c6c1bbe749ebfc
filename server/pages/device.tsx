import { count, list } from '../../shared/words.ts';
import { addresses } from './addresses.ts';
import { Changes } from './components/changes.tsx';
import { DeviceStanding } from './components/device-standing.tsx';
import { Evidence } from './components/evidence.tsx';
import { Finding, PointTable } from './components/finding.tsx';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { LookBack, PastBar } from './components/past.tsx';
import { StateBadge } from './components/status.tsx';
import { Ago, Moment } from './components/time.tsx';
import { UntoldGroup } from './components/untold.tsx';
import { Waived } from './components/waived.tsx';
import { type WaiverRow, WaiverTable } from './components/waivers.tsx';
import type { DeviceView, FindingView } from './model.ts';
import { privacyAddresses } from './privacy/addresses.ts';
import { type SortedFindings, sortFindings } from './sort-findings.ts';

function Group({
  id,
  title,
  hint,
  findings,
  now,
  ask,
}: {
  id: string;
  title: string;
  hint: string;
  findings: readonly FindingView[];
  now: string;
  ask?: ((check: string, point: string) => string) | undefined;
}) {
  if (findings.length === 0) return null;
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>
        {title}
        <span class="muted small">{hint}</span>
      </h2>
      {findings.map((finding) => (
        <Finding key={finding.check} finding={finding} now={now} ask={ask} />
      ))}
    </section>
  );
}

/** One sentence about the whole laptop. What a laptop said long ago is never told as if it were so now. */
function summary(sorted: SortedFindings, view: DeviceView): string {
  if (view.lastReportAt === null) return 'It has not reported yet, so nothing is known of it.';
  const parts = [
    sorted.failing.length > 0 && count(sorted.failing.length, 'check fails', 'checks fail'),
    sorted.unknownChecks > 0 && `${count(sorted.unknownChecks, 'check')} could not be told`,
    sorted.waived.length > 0 && `${count(sorted.waived.length, 'check is', 'checks are')} waived for now`,
    sorted.attention.length > 0 &&
      `${count(sorted.attention.length, 'check is', 'checks are')} worth a look without counting`,
  ].filter((part) => part !== false);
  const words = parts.length === 0 ? 'Everything the policy asks for is in order' : list(parts);
  return isPast(view) ? `By its last report: ${words.toLowerCase()}.` : `${words}.`;
}

const isPast = ({ state, removedAt }: DeviceView) => state === 'silent' || removedAt !== null;

/** One laptop: what is wrong first and how to put it right, then what is in order, then the evidence. */
export function DevicePage(view: DeviceView & { readonly waiting?: readonly WaiverRow[] }) {
  const { viewer, now, organization, policy, device, state, system, findings, waiting = [] } = view;
  const sorted = sortFindings(findings);
  const asOf = view.past?.date ?? null;
  const ask =
    viewer.may.includes('waivers.write') && view.removedAt === null && view.past === null
      ? (check: string, point: string) =>
          addresses.newWaiver(organization.id, `${check}/${point}`, device.label)
      : undefined;
  return (
    <Layout
      title={`${device.label}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'overview', asOf }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id, { asOf }) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>
            {device.label} <StateBadge state={state} />
          </h1>
          <p class="facts">
            {device.assetTag !== undefined && <span>{device.assetTag}</span>}
            <span>{system}</span>
            <span>
              {view.lastReportAt === null ? (
                'has not reported yet'
              ) : (
                <>
                  last report <Ago at={view.lastReportAt} now={now} />
                </>
              )}
            </span>
            <span>agent {view.agentVersion}</span>
            <span>
              joined <Moment at={view.enrolledAt} />
            </span>
            {view.viewer.may.includes('identity.reveal') && (
              <a href={privacyAddresses.holder(view.organization.id, view.device.id)}>Who holds it</a>
            )}
            <span>
              policy {policy.id}, version {policy.version}
            </span>
          </p>
        </div>
        {view.lastReportAt !== null && (
          <div class="beside">
            {view.past === null && (
              <LookBack action={addresses.device(organization.id, device.id)} date={null} now={now} />
            )}
            <a href={addresses.deviceFactSheet(organization.id, device.id, view.past?.date)}>Fact sheet</a>
          </div>
        )}
      </div>
      {view.past !== null && (
        <PastBar date={view.past.date} present={addresses.device(organization.id, device.id)}>
          Judged again now from the report it had signed by then.
        </PastBar>
      )}
      {view.leaveUntil !== null && (
        <p class="notice on-leave">
          <Icon name="on-leave" />
          <span>
            This laptop is on leave until <Moment at={view.leaveUntil} />. Until then it is not counted and
            nobody is alerted.
          </span>
        </p>
      )}
      {view.removedAt !== null && (
        <p class="notice silent">
          <Icon name="none" />
          <span>
            This laptop was retired on <Moment at={view.removedAt} /> and is not counted. What it reported
            before is kept as evidence.
          </span>
        </p>
      )}
      {state === 'silent' && view.removedAt === null && view.lastReportAt !== null && (
        <p class="notice silent">
          <Icon name="silent" />
          <span>
            This laptop has not reported since <Moment at={view.lastReportAt} />. What follows is what it said
            then, and may no longer be so. Is it switched off, on leave, or has the agent stopped? On the
            laptop, <code>agent --doctor</code> tells.
          </span>
        </p>
      )}
      <p class="summary">{summary(sorted, view)}</p>
      <Group id="fix" title="To fix" hint="worst first" findings={sorted.failing} now={now} ask={ask} />
      {waiting.length > 0 && (
        <section class="card" aria-labelledby="asked">
          <header>
            <h2 id="asked">Asked for a waiver</h2>
            <span class="muted small">not decided yet, counts as before</span>
          </header>
          <WaiverTable rows={waiting} now={now} caption="Waivers asked for and not decided" />
        </section>
      )}
      <Waived findings={sorted.waived} organization={organization} />
      {sorted.untold.length > 0 && (
        <section class="stack" aria-labelledby="tell">
          <h2 id="tell">
            Could not be told
            <span class="muted small">neither passed nor failed; by the reason why</span>
          </h2>
          {sorted.untold.map(({ reason, points }) => (
            <UntoldGroup key={reason} reason={reason} points={points} now={now} />
          ))}
        </section>
      )}
      <Group
        id="attention"
        title="Worth a look"
        hint="the policy reminds of it, but it does not count"
        findings={sorted.attention}
        now={now}
      />
      {sorted.inOrder.length > 0 && (
        <section class="card" aria-labelledby="in-order">
          <header>
            <h2 id="in-order">{isPast(view) ? 'In order by its last report' : 'In order'}</h2>
          </header>
          <PointTable findings={sorted.inOrder} now={now} caption="Checks that are in order" />
        </section>
      )}
      {sorted.notCounted.length > 0 && (
        <details class="card">
          <summary>Not counted: read, shown, and left out of the verdict</summary>
          <PointTable findings={sorted.notCounted} now={now} caption="Points that do not count" />
        </details>
      )}
      <Changes
        changes={view.changes}
        more={view.moreChanges ? addresses.deviceHistory(organization.id, device.id) : undefined}
      />
      {view.past === null && view.removedAt === null && viewer.may.includes('devices.manage') && (
        <DeviceStanding view={view} />
      )}
      <Evidence view={view} />
    </Layout>
  );
}
