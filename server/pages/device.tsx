import { count, list } from '../../shared/words.ts';
import { addresses } from './addresses.ts';
import { Evidence } from './components/evidence.tsx';
import { Finding, PointTable, sortFindings } from './components/finding.tsx';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { StateBadge } from './components/status.tsx';
import { Ago, Moment } from './components/time.tsx';
import type { DeviceView, FindingView } from './model.ts';

function Group({
  id,
  title,
  hint,
  findings,
  now,
}: {
  id: string;
  title: string;
  hint: string;
  findings: readonly FindingView[];
  now: string;
}) {
  if (findings.length === 0) return null;
  return (
    <section class="stack" aria-labelledby={id}>
      <h2 id={id}>
        {title}
        <span class="muted small">{hint}</span>
      </h2>
      {findings.map((finding) => (
        <Finding key={finding.check} finding={finding} now={now} />
      ))}
    </section>
  );
}

/** One sentence about the whole laptop. */
function summary(sorted: ReturnType<typeof sortFindings>): string {
  const parts = [
    sorted.failing.length > 0 && `${count(sorted.failing.length, 'check fails', 'checks fail')}`,
    sorted.unknown.length > 0 && `${sorted.unknown.length} could not be told`,
    sorted.attention.length > 0 &&
      `${count(sorted.attention.length, 'check needs', 'checks need')} attention without counting`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'Everything the policy asks for is in order.' : `${list(parts)}.`;
}

/** One laptop: what is wrong first and how to put it right, then what is in order, then the evidence. */
export function DevicePage(view: DeviceView) {
  const { viewer, now, organization, policy, device, state, system, findings } = view;
  const sorted = sortFindings(findings);
  return (
    <Layout title={`${device.label}, ${organization.name}`} viewer={viewer}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
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
            <span>
              policy {policy.id}, version {policy.version}
            </span>
          </p>
        </div>
      </div>
      {view.removedAt !== null && (
        <p class="notice silent">
          <Icon name="none" />
          <span>
            This laptop was taken out of the fleet on <Moment at={view.removedAt} /> and is not counted. What
            it reported before is kept as evidence.
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
      {findings.length > 0 && <p class="summary">{summary(sorted)}</p>}
      <Group id="fix" title="To fix" hint="worst first" findings={sorted.failing} now={now} />
      <Group
        id="tell"
        title="Could not be told"
        hint="neither passed nor failed"
        findings={sorted.unknown}
        now={now}
      />
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
            <h2 id="in-order">In order</h2>
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
      <Evidence view={view} />
    </Layout>
  );
}
