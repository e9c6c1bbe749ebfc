import { addresses } from './addresses.ts';
import { Changes } from './components/changes.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import type { ChangeView, DeviceLink, OrganizationLink, Viewer } from './model.ts';

export interface DeviceHistoryView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly device: DeviceLink;
  /** Newest first. */
  readonly changes: readonly ChangeView[];
  /** Where to go on below; null at the end. */
  readonly below: number | null;
}

/** Everything that ever changed on one laptop. */
export function DeviceHistoryPage({ viewer, organization, device, changes, below }: DeviceHistoryView) {
  return (
    <Layout
      title={`What changed on ${device.label}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'overview' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: device.label, address: addresses.device(organization.id, device.id) },
        ]}
      />
      <div class="heading">
        <h1>What changed on {device.label}</h1>
      </div>
      {changes.length === 0 ? (
        <p class="calm">Nothing has changed since it joined. What it reports is on its own page.</p>
      ) : (
        <Changes changes={changes} />
      )}
      {below !== null && (
        <nav class="pager" aria-label="Pages of the list">
          <span />
          <a class="button quiet" href={addresses.deviceHistory(organization.id, device.id, below)}>
            Older
          </a>
        </nav>
      )}
    </Layout>
  );
}
