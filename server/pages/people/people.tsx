import { type Role, roles } from '../../permissions.ts';
import { addresses } from '../addresses.ts';
import { Done, Field, PostForm, Problem } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Ago } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { roleWords } from '../words.ts';
import { peopleAddresses } from './addresses.ts';

/** A role somebody has, and until when. */
export interface RoleView {
  readonly role: Role;
  /** The last day, `2026-12-31`; null where there is none. */
  readonly until: string | null;
  readonly ended: boolean;
}

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly disabled: boolean;
  readonly secondFactor: boolean;
  /** Invited, and has not been here yet. */
  readonly invited: boolean;
  readonly signedInAt: string | null;
  readonly roles: readonly RoleView[];
}

export interface PeopleView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly people: readonly PersonView[];
  readonly secondFactorRequired: boolean;
  /** How many API tokens are good at this moment. */
  readonly apiTokens: number;
  /** What was typed into the invitation, to be corrected. */
  readonly given?: { readonly email: string; readonly name: string; readonly role: string } | undefined;
  readonly problem?: string | undefined;
  readonly done?: string | undefined;
}

/** A role in words, with its end. */
export function RoleTag({ role, until, ended }: RoleView) {
  return (
    <span class={ended ? 'tag ended' : 'tag strong'}>
      {roleWords[role].name}
      {until !== null && (ended ? `, ended ${until}` : `, until ${until}`)}
    </span>
  );
}

/** Which role somebody is to have; below it stands what each is for: in the list a narrow screen would cut it off. */
export function RoleField({ id, chosen }: { id: string; chosen?: string | undefined }) {
  return (
    <div class="field">
      <label for={id}>Role</label>
      <select id={id} name="role" required aria-describedby={`${id}-hint`}>
        {roles.map((role) => (
          <option key={role} value={role} selected={role === (chosen ?? 'contractor')}>
            {roleWords[role].name}
          </option>
        ))}
      </select>
      <ul id={`${id}-hint`} class="hint">
        {roles.map((role) => (
          <li key={role}>
            {roleWords[role].name}: {roleWords[role].text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function PersonRow({ person, organization, now }: { person: PersonView; organization: string; now: string }) {
  const { id, name, email, disabled, secondFactor, invited, signedInAt, roles: held } = person;
  return (
    <tr>
      <th scope="row" class="whole">
        <a href={peopleAddresses.person(organization, id)}>{name}</a>
        <span class="under one-line">{email}</span>
      </th>
      <td class="whole">
        <span class="tags">
          {held.map((one) => (
            <RoleTag key={one.role} {...one} />
          ))}
          {disabled && (
            <span class="status failing">
              <Icon name="failing" />
              Account disabled
            </span>
          )}
        </span>
      </td>
      <td data-label="Second factor">
        <span class={`status ${secondFactor ? 'compliant' : 'none'}`}>
          <Icon name={secondFactor ? 'compliant' : 'none'} />
          {secondFactor ? 'Yes' : 'Not yet'}
        </span>
      </td>
      <td class="when number" data-label="Last signed in">
        {signedInAt === null ? invited ? 'not yet' : 'never' : <Ago at={signedInAt} now={now} />}
      </td>
    </tr>
  );
}

function Invite({ view }: { view: PeopleView }) {
  const { viewer, organization, given, now } = view;
  return (
    <section class="card" aria-labelledby="invite">
      <header>
        <h2 id="invite">Invite somebody</h2>
      </header>
      <div class="body">
        <PostForm action={peopleAddresses.people(organization.id)} csrf={viewer.csrf} className="narrow">
          <Field id="email" label="E-mail address" type="email" value={given?.email} maxLength={200} />
          <Field id="name" label="Name" value={given?.name} maxLength={100} />
          <RoleField id="role" chosen={given?.role} />
          <Field
            id="until"
            label="Until"
            type="date"
            hint="The last day of the role. An auditor needs one, at most a year ahead; others may go without."
            required={false}
            min={now.slice(0, 10)}
          />
          <div class="buttons">
            <button type="submit" class="button">
              Invite
            </button>
          </div>
        </PostForm>
      </div>
    </section>
  );
}

function SecondFactorSetting({ view }: { view: PeopleView }) {
  const { viewer, organization, secondFactorRequired } = view;
  const manages = viewer.may.includes('people.manage');
  return (
    <section class="card" aria-labelledby="second-factor">
      <header>
        <h2 id="second-factor">Second factor</h2>
        <span class={`status ${secondFactorRequired ? 'compliant' : 'attention'}`}>
          <Icon name={secondFactorRequired ? 'compliant' : 'attention'} />
          {secondFactorRequired ? 'Required' : 'Left to each person'}
        </span>
      </header>
      <div class="body">
        <p>
          {secondFactorRequired
            ? 'Whoever signs in with a password sets up an app or a passkey: asked for the first time at once, after a week before anything else.'
            : 'Whoever learns a password of one of these people comes in. Requiring a second factor costs each of them a minute.'}
        </p>
        {manages && (
          <PostForm action={peopleAddresses.secondFactor(organization.id)} csrf={viewer.csrf}>
            <input type="hidden" name="required" value={secondFactorRequired ? 'no' : 'yes'} />
            <button type="submit" class="button quiet">
              {secondFactorRequired ? 'Leave it to each person' : 'Require it'}
            </button>
          </PostForm>
        )}
      </div>
    </section>
  );
}

/** Who may come in here, as what, and until when. */
export function PeoplePage(view: PeopleView) {
  const { viewer, now, organization, people, apiTokens } = view;
  const manages = viewer.may.includes('people.manage');
  return (
    <Layout
      title={`People & access, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'people' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>People &amp; access</h1>
          <p class="facts">
            <span>Everybody has an account of their own; nobody shares one.</span>
          </p>
        </div>
      </div>
      <Problem text={view.problem} />
      <Done text={view.done} />
      <section class="card" aria-labelledby="people">
        <header>
          <h2 id="people">People</h2>
          <span class="muted small">{people.length}</span>
        </header>
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Roles</th>
              <th scope="col">Second factor</th>
              <th scope="col" class="number">
                Last signed in
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <PersonRow key={person.id} person={person} organization={organization.id} now={now} />
            ))}
          </tbody>
        </table>
      </section>
      <div class="columns">
        {manages && <Invite view={view} />}
        <div class="stack">
          <SecondFactorSetting view={view} />
          <section class="card" aria-labelledby="api-tokens">
            <header>
              <h2 id="api-tokens">API tokens</h2>
              <span class="muted small">{apiTokens === 0 ? 'none' : apiTokens}</span>
            </header>
            <div class="body">
              <p>
                For programs: each token has its own permissions and an end, and can do no more than whoever
                made it.
              </p>
              <p>
                <a class="button quiet" href={peopleAddresses.apiTokens(organization.id)}>
                  {manages ? 'Look at and make tokens' : 'Look at the tokens'}
                </a>
              </p>
            </div>
          </section>
        </div>
      </div>
    </Layout>
  );
}
