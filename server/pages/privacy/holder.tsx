import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Moment } from '../components/time.tsx';
import type { DeviceLink, OrganizationLink, Viewer } from '../model.ts';
import { privacyAddresses } from './addresses.ts';

export interface HolderView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly device: DeviceLink;
  /** Undefined before somebody asked; null where nobody is recorded. */
  readonly holder?: { readonly name: string; readonly email: string } | null | undefined;
  readonly problem?: string | undefined;
}

/** Being told who holds a laptop: a step of its own, with a reason, seen by the person. */
export function HolderPage({ viewer, organization, device, holder, problem }: HolderView) {
  return (
    <Layout title={`Who holds ${device.label}`} viewer={viewer} place={{ organization, section: 'overview' }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: device.label, address: addresses.device(organization.id, device.id) },
        ]}
      />
      <h1>Who holds {device.label}</h1>
      <section class="card record-form" aria-label="Holder">
        {holder === undefined ? (
          <form
            method="post"
            action={privacyAddresses.holder(organization.id, device.id)}
            class="person-form"
          >
            <input type="hidden" name="csrf" value={viewer.csrf} />
            <p>You will be told the name. That you asked, when, and why is kept and shown to that person.</p>
            <div class="field">
              <label for="reason">Why do you need to know?</label>
              {problem !== undefined && (
                <span class="field-problem" id="reason-problem">
                  {problem}
                </span>
              )}
              <textarea
                id="reason"
                name="reason"
                rows={3}
                required
                maxlength={500}
                aria-invalid={problem === undefined ? undefined : 'true'}
                aria-describedby={problem === undefined ? undefined : 'reason-problem'}
              />
            </div>
            <button type="submit" class="button">
              Tell me
            </button>
          </form>
        ) : holder === null ? (
          <p>Nobody is recorded as the holder of this laptop.</p>
        ) : (
          <p>
            <strong>{holder.name}</strong>, {holder.email}
          </p>
        )}
      </section>
    </Layout>
  );
}

/** In place of a laptop whose holder asked that its data are not used for now. */
export function RestrictedPage({
  viewer,
  organization,
  device,
  since,
}: {
  viewer: Viewer;
  organization: OrganizationLink;
  device: DeviceLink;
  since: string;
}) {
  return (
    <Layout title={device.label} viewer={viewer} place={{ organization, section: 'overview' }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <h1>{device.label}</h1>
      <section class="card record-form" aria-label="Restricted">
        <p>
          The use of this laptop’s data is restricted since <Moment at={since} />, as its holder asked (Art.
          18 GDPR). Nothing new is kept and nothing is shown until the data protection officer lifts it.
        </p>
      </section>
    </Layout>
  );
}
