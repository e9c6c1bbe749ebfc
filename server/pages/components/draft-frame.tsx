import type { ComponentChildren } from 'preact';
import { addresses } from '../addresses.ts';
import type { OrganizationLink, Viewer } from '../model.ts';
import { Icon } from './icon.tsx';
import { Crumbs, Layout } from './layout.tsx';

/** What every page about a draft knows. */
export interface DraftFrameView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
}

/** The way from a draft to a policy in force. */
export type DraftStep = 'edit' | 'what-if' | 'publish';

/** The frame of the pages about a draft, with the three steps it takes. */
export function DraftFrame({
  view: { viewer, organization },
  title,
  step,
  under,
  live,
  children,
}: {
  view: DraftFrameView;
  title: string;
  step: DraftStep;
  /** The page is one below the draft itself. */
  under?: boolean;
  live?: boolean;
  children: ComponentChildren;
}) {
  const steps = [
    { id: 'edit', words: 'Change', address: addresses.policyDraft(organization.id) },
    { id: 'what-if', words: 'See what it would mean', address: addresses.policyWhatIf(organization.id) },
    { id: 'publish', words: 'Publish', address: addresses.policyPublish(organization.id) },
  ] as const;
  return (
    <Layout
      title={`${title}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'policy' }}
      {...(live === true && { live })}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Policy', address: addresses.policy(organization.id) },
          ...(under === true ? [{ name: 'Draft', address: addresses.policyDraft(organization.id) }] : []),
        ]}
      />
      <div class="heading">
        <div>
          <h1>{title}</h1>
        </div>
        <nav aria-label="From draft to policy">
          <ol class="tabs plain numbered">
            {steps.map(({ id, words, address }) => (
              <li key={id}>
                <a href={address} aria-current={id === step ? 'step' : undefined}>
                  {words}
                </a>
              </li>
            ))}
          </ol>
        </nav>
      </div>
      {children}
    </Layout>
  );
}

/** Something the person has to know before going on. */
export function Attention({ id, children }: { id?: string; children: ComponentChildren }) {
  return (
    <div class="notice attention-notice" id={id} role="alert">
      <Icon name="attention" />
      <div class="notice-body">{children}</div>
    </div>
  );
}

/** What every form about a draft sends along: whose session it is, and which state of the draft it was filled from. */
export function DraftSecrets({ viewer, edit }: { viewer: Viewer; edit: number }) {
  return (
    <>
      <input type="hidden" name="csrf" value={viewer.csrf} />
      <input type="hidden" name="edit" value={edit} />
    </>
  );
}
