import type { PolicyCheck } from '../review/policy-points.ts';
import { addresses } from './addresses.ts';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { PolicyPoints } from './components/policy-points.tsx';
import { PolicyVersions, type PolicyVersionView } from './components/policy-versions.tsx';
import { Moment } from './components/time.tsx';
import type { OrganizationLink, Viewer } from './model.ts';
import { number, percent } from './words.ts';

export interface PolicyView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  /** The version that is shown. */
  readonly shown: PolicyVersionView;
  /** How often laptops report, in words. */
  readonly schedule: string;
  readonly checks: readonly PolicyCheck[];
  /** Newest first; more than these may have been before. */
  readonly versions: readonly PolicyVersionView[];
  /** The lowest version that is listed, where there are older ones; null where all are listed. */
  readonly olderThan: number | null;
  readonly scheduled: PolicyVersionView | undefined;
  /** How many laptops have been judged by the version in force. */
  readonly progress: { readonly judged: number; readonly devices: number };
  readonly draft:
    | { readonly editedAt: string; readonly editedBy: string; readonly changes: number }
    | undefined;
}

/** Renews itself while laptops are being judged again, and says nothing when all are. */
function Progress({ view }: { view: PolicyView }) {
  const { progress, organization, versions } = view;
  const left = progress.devices - progress.judged;
  const current = versions.find(({ state }) => state === 'in-force')?.version ?? view.shown.version;
  const poll = {
    'data-hx-get': addresses.policy(organization.id),
    'data-hx-trigger': 'every 1s',
    'data-hx-select': '#progress',
    'data-hx-swap': 'outerHTML',
  };
  return (
    <div id="progress" role="status" {...(left > 0 && poll)}>
      {left > 0 && (
        <p class="notice calm-notice">
          <Icon name="silent" />
          <span>
            Laptops are being judged by version {current}: {number(progress.judged)} of{' '}
            {number(progress.devices)} done ({percent(progress.judged, progress.devices)}).
          </span>
        </p>
      )}
    </div>
  );
}

function Scheduled({ view }: { view: PolicyView }) {
  const { scheduled, viewer, organization, shown } = view;
  if (scheduled === undefined) return null;
  return (
    <div class="notice calm-notice">
      <Icon name="silent" />
      <div class="notice-body">
        <p>
          Version {scheduled.version} comes into force on <Moment at={scheduled.effectiveFrom} />.{' '}
          <a
            href={addresses.policyDifference(organization.id, {
              from: shown.version,
              to: scheduled.version,
            })}
          >
            See what changes
          </a>
        </p>
        {viewer.may.includes('policy.write') && (
          <form method="post" action={addresses.policyWithdraw(organization.id, scheduled.version)}>
            <input type="hidden" name="csrf" value={viewer.csrf} />
            <button type="submit" class="button quiet">
              Withdraw version {scheduled.version}
            </button>
          </form>
        )}
      </div>
    </div>
  );
}

function Draft({ view }: { view: PolicyView }) {
  const { draft, organization, viewer } = view;
  const address = addresses.policyDraft(organization.id);
  if (!viewer.may.includes('policy.write')) return null;
  if (draft === undefined) {
    return (
      <a class="button" href={address}>
        Change the policy
      </a>
    );
  }
  return (
    <a class="button" href={address}>
      Go on with the draft ({draft.changes === 1 ? '1 change' : `${draft.changes} changes`})
    </a>
  );
}

const stateSentence: Record<PolicyVersionView['state'], string> = {
  'in-force': 'In force since',
  scheduled: 'Comes into force on',
  withdrawn: 'Withdrawn before it came into force; it was meant for',
  past: 'Was in force from',
};

/** An organization's policy in plain words: the one in force, or another version of it. */
export function PolicyPage(view: PolicyView) {
  const { viewer, organization, shown, checks } = view;
  const inForce = shown.state === 'in-force';
  return (
    <Layout
      title={`${inForce ? 'Policy' : `Policy, version ${shown.version}`}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'policy' }}
      live={inForce && view.progress.judged < view.progress.devices}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          ...(inForce ? [] : [{ name: 'Policy', address: addresses.policy(organization.id) }]),
        ]}
      />
      <div class="heading">
        <div>
          <h1>
            Policy {shown.id}, version {shown.version}
          </h1>
          <p class="facts">
            <span>
              {stateSentence[shown.state]} <Moment at={shown.effectiveFrom} />
            </span>
            <span>published by {shown.publishedBy}</span>
            <span>laptops report {view.schedule}</span>
          </p>
          {shown.reason !== '' && <p class="summary">{shown.reason}</p>}
        </div>
        <div class="button-row">
          <a class="button quiet" href={addresses.policyFile(organization.id, shown.version)}>
            Download as YAML
          </a>
          {inForce && <Draft view={view} />}
        </div>
      </div>
      {inForce && (
        <>
          <Progress view={view} />
          <Scheduled view={view} />
        </>
      )}
      <PolicyPoints
        organization={organization.id}
        policy={shown.id}
        checks={checks}
        clausesLinked={inForce && viewer.may.includes('reports.read')}
        linked={viewer.may.includes('fleet.read')}
      />
      <PolicyVersions
        organization={organization.id}
        versions={view.versions}
        olderThan={view.olderThan}
        shown={shown.version}
      />
    </Layout>
  );
}
