import type { PolicyChange } from '../review/policy-difference.ts';
import { addresses } from './addresses.ts';
import { Crumbs, Layout } from './components/layout.tsx';
import { PolicyChanges } from './components/policy-changes.tsx';
import type { PolicyVersionView } from './components/policy-versions.tsx';
import { Moment } from './components/time.tsx';
import type { OrganizationLink, Viewer } from './model.ts';

export interface PolicyDifferenceView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly from: PolicyVersionView;
  readonly to: PolicyVersionView;
  readonly changes: readonly PolicyChange[];
}

/** Two versions of a policy side by side: only what differs. */
export function PolicyDifferencePage({ viewer, organization, from, to, changes }: PolicyDifferenceView) {
  return (
    <Layout
      title={`Policy, version ${from.version} to ${to.version}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'policy' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Policy', address: addresses.policy(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>
            From version {from.version} to version {to.version}
          </h1>
          <p class="facts">
            {[from, to].map((one) => (
              <span key={one.version}>
                <a href={addresses.policyVersion(organization.id, one.version)}>Version {one.version}</a>:
                from <Moment at={one.effectiveFrom} />, published by {one.publishedBy}
              </span>
            ))}
          </p>
        </div>
        <div class="button-row">
          <a
            class="button quiet"
            href={addresses.policyDifference(organization.id, { from: to.version, to: from.version })}
          >
            The other way round
          </a>
        </div>
      </div>
      <section class="card" aria-labelledby="changes">
        <header>
          <h2 id="changes">{changes.length === 1 ? '1 change' : `${changes.length} changes`}</h2>
        </header>
        {changes.length === 0 ? (
          <p class="calm">
            <span>Both versions ask for exactly the same.</span>
          </p>
        ) : (
          <PolicyChanges changes={changes} />
        )}
      </section>
    </Layout>
  );
}
