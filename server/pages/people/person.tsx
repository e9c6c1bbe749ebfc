import { addresses } from '../addresses.ts';
import { Command } from '../components/command.tsx';
import { Done, Field, PostForm, Problem } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Ago } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { roleWords } from '../words.ts';
import { peopleAddresses } from './addresses.ts';
import { type PersonView, RoleField, RoleTag } from './people.tsx';

export interface PersonPageView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly person: PersonView;
  /** It is the viewer: nobody gives themselves a role. */
  readonly self: boolean;
  /** Has a role in another organization too: then this one cannot disable the account. */
  readonly elsewhere: boolean;
  readonly problem?: string | undefined;
  readonly done?: string | undefined;
}

function Roles({ view }: { view: PersonPageView }) {
  const { viewer, organization, person } = view;
  const manages = viewer.may.includes('people.manage');
  return (
    <section class="card" aria-labelledby="roles">
      <header>
        <h2 id="roles">Roles at {organization.name}</h2>
      </header>
      <ul class="rows">
        {person.roles.map((held) => (
          <li key={held.role}>
            <div>
              <RoleTag {...held} />
              <span class="under">{roleWords[held.role].text}</span>
            </div>
            {manages && (
              <PostForm action={peopleAddresses.revoke(organization.id, person.id)} csrf={viewer.csrf}>
                <input type="hidden" name="role" value={held.role} />
                <button
                  type="submit"
                  class="button plain"
                  aria-label={`Take away the role ${roleWords[held.role].name}`}
                >
                  Take away
                </button>
              </PostForm>
            )}
          </li>
        ))}
      </ul>
      {manages && !view.self && (
        <div class="body">
          <PostForm
            action={peopleAddresses.grant(organization.id, person.id)}
            csrf={viewer.csrf}
            className="narrow"
          >
            <RoleField id="role" />
            <Field
              id="until"
              label="Until"
              type="date"
              hint="The last day. Giving a role again changes its end. An auditor needs one."
              required={false}
              min={view.now.slice(0, 10)}
            />
            <div class="buttons">
              <button type="submit" class="button">
                Give this role
              </button>
            </div>
          </PostForm>
        </div>
      )}
      {manages && view.self && (
        <p class="body muted">
          Nobody gives themselves a role: ask another administrator, or use the collector’s own terminal.
        </p>
      )}
    </section>
  );
}

function Account({ view }: { view: PersonPageView }) {
  const { viewer, organization, person, elsewhere, self } = view;
  if (!viewer.may.includes('people.manage') || self) return null;
  return (
    <section class="card" aria-labelledby="account">
      <header>
        <h2 id="account">Account</h2>
      </header>
      <div class="body">
        {person.invited && (
          <>
            <p>
              This person was invited and has not been here yet. A new link replaces nothing: the old one
              stays good until it expires.
            </p>
            <PostForm action={peopleAddresses.link(organization.id, person.id)} csrf={viewer.csrf}>
              <button type="submit" class="button quiet">
                Make a new link
              </button>
            </PostForm>
          </>
        )}
        {elsewhere ? (
          <p>
            This person works for other organizations too, so the account cannot be disabled from here. Take
            away the roles instead: nothing of {organization.name} is shown to them any more.
          </p>
        ) : (
          <>
            <p>
              {person.disabled
                ? 'The account is disabled: this person cannot sign in.'
                : 'Disabling the account ends every session at once. The roles stay, and what was done stays in the audit log.'}
            </p>
            <PostForm action={peopleAddresses.disable(organization.id, person.id)} csrf={viewer.csrf}>
              <input type="hidden" name="disabled" value={person.disabled ? 'no' : 'yes'} />
              <button type="submit" class={person.disabled ? 'button quiet' : 'button danger'}>
                {person.disabled ? 'Enable the account' : 'Disable the account'}
              </button>
            </PostForm>
          </>
        )}
      </div>
    </section>
  );
}

/** One person's access to one organization. */
export function PersonPage(view: PersonPageView) {
  const { viewer, now, organization, person } = view;
  return (
    <Layout
      title={`${person.name}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'people' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'People & access', address: peopleAddresses.people(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{person.name}</h1>
          <p class="facts">
            <span>{person.email}</span>
            <span>{person.secondFactor ? 'has a second factor' : 'no second factor yet'}</span>
            <span>
              {person.signedInAt === null ? (
                'never signed in'
              ) : (
                <>
                  last signed in <Ago at={person.signedInAt} now={now} />
                </>
              )}
            </span>
          </p>
        </div>
      </div>
      <div class="account">
        <Problem text={view.problem} />
        <Done text={view.done} />
        {person.disabled && (
          <p class="notice">
            <Icon name="failing" />
            <span>This account is disabled.</span>
          </p>
        )}
        <Roles view={view} />
        <Account view={view} />
      </div>
    </Layout>
  );
}

export interface InvitationView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly person: { readonly id: string; readonly name: string; readonly email: string };
  /** Null where the person has an account already and needs none. */
  readonly link: string | null;
  readonly days: number;
  /** It also went out by e-mail. */
  readonly mailed: boolean;
}

/** The link of an invitation, shown once to whoever invites. */
export function InvitationPage({ viewer, organization, person, link, days, mailed }: InvitationView) {
  return (
    <Layout title={`${person.name} is invited`} viewer={viewer} place={{ organization, section: 'people' }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'People & access', address: peopleAddresses.people(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{person.name} is invited</h1>
        </div>
      </div>
      <section class="card account">
        <div class="body stack">
          {link === null ? (
            <p>
              {person.email} has an account here already: tell them to sign in as usual, and they will find{' '}
              {organization.name}.
            </p>
          ) : (
            <>
              <p>
                Send this link to {person.email} by a way you trust. It signs in once, within {days} days, and
                asks for a password first. It is <strong>not shown again</strong>.
              </p>
              <Command text={link} label="the link" address />
            </>
          )}
          {mailed && <p class="muted">An e-mail that says so is on its way to {person.email}.</p>}
          <p>
            <a class="button" href={peopleAddresses.people(organization.id)}>
              Done
            </a>
          </p>
        </div>
      </section>
    </Layout>
  );
}
