import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Toned } from '../components/status.tsx';
import { Moment } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { registerAddresses } from '../registers/addresses.ts';
import { ProblemSummary } from '../registers/record-form.tsx';
import { privacyAddresses } from './addresses.ts';
import { PersonFields } from './privacy.tsx';

export interface PersonView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly person: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly kind: string;
  };
  readonly laptops: readonly {
    readonly id: string;
    readonly label: string;
    readonly since: string;
    readonly until: string | null;
    /** Since when nothing of it is kept or shown. */
    readonly restrictedSince: string | null;
  }[];
  /** Records that name the person. */
  readonly records: readonly { readonly register: string; readonly id: string; readonly name: string }[];
  /** Requests for erasure that are being answered: one of them is what this is done for. */
  readonly requests: readonly { readonly id: string; readonly name: string }[];
  readonly problem?: string | undefined;
}

function Act({ view, act, title, quiet }: { view: PersonView; act: string; title: string; quiet?: boolean }) {
  return (
    <form method="post" action={privacyAddresses.act(view.organization.id, view.person.id, act)}>
      <input type="hidden" name="csrf" value={view.viewer.csrf} />
      <button type="submit" class={quiet ? 'button quiet' : 'button'}>
        {title}
      </button>
    </form>
  );
}

function Laptops({ view }: { view: PersonView }) {
  const { organization, person, laptops, viewer } = view;
  return (
    <section class="card" aria-labelledby="laptops">
      <header>
        <h2 id="laptops">Laptops</h2>
      </header>
      {laptops.length > 0 && (
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Laptop</th>
              <th scope="col">Held</th>
              <th scope="col">Use of its data</th>
            </tr>
          </thead>
          <tbody>
            {laptops.map((laptop) => (
              <tr key={`${laptop.id}${laptop.since}`}>
                <th scope="row">
                  <a href={addresses.device(organization.id, laptop.id)}>{laptop.label}</a>
                </th>
                <td class="whole">
                  since <Moment at={laptop.since} />
                  {laptop.until !== null && (
                    <>
                      {' '}
                      until <Moment at={laptop.until} />
                    </>
                  )}
                </td>
                <td>
                  {laptop.restrictedSince === null ? (
                    'as usual'
                  ) : (
                    <Toned tone="silent">
                      restricted since <Moment at={laptop.restrictedSince} />
                    </Toned>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form
        class="body person-form"
        method="post"
        action={privacyAddresses.act(organization.id, person.id, 'laptop')}
      >
        <input type="hidden" name="csrf" value={viewer.csrf} />
        <div class="field">
          <label for="label">Give a laptop to {person.name}</label>
          <span class="hint" id="label-hint">
            Its pseudonym, such as D-7K3F9Q2M. Whoever had it no longer does.
          </span>
          <input id="label" name="label" type="text" required maxlength={20} aria-describedby="label-hint" />
        </div>
        <button type="submit" class="button quiet">
          Record it
        </button>
      </form>
    </section>
  );
}

/** What is held about one person, and what can be done for their rights. */
export function PersonPage(view: PersonView) {
  const { viewer, organization, person, records, requests, laptops, problem } = view;
  const current = laptops.filter(({ until }) => until === null);
  const restricted = current.some(({ restrictedSince }) => restrictedSince !== null);
  return (
    <Layout title={person.name} viewer={viewer} place={{ organization, section: 'privacy' }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Privacy', address: privacyAddresses.privacy(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{person.name}</h1>
          <p class="facts">
            <span>Opening this page is in the audit log.</span>
          </p>
        </div>
      </div>
      {problem !== undefined && <ProblemSummary problem={problem} problems={{}} fields={{}} />}
      <div class="columns wide-left">
        <div class="beside">
          <Laptops view={view} />
          <section class="card" aria-labelledby="records">
            <header>
              <h2 id="records">Records that name them</h2>
            </header>
            {records.length === 0 ? (
              <p class="calm">No register says anything about them.</p>
            ) : (
              <ul class="body">
                {records.map(({ register, id, name }) => (
                  <li key={id}>
                    <a href={registerAddresses.record(organization.id, register, id)}>{name}</a>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section class="card" aria-labelledby="correct">
            <header>
              <h2 id="correct">Correct</h2>
            </header>
            <form
              class="body person-form"
              method="post"
              action={privacyAddresses.person(organization.id, person.id)}
            >
              <input type="hidden" name="csrf" value={viewer.csrf} />
              <PersonFields person={person} />
              <button type="submit" class="button quiet">
                Keep the correction
              </button>
            </form>
          </section>
        </div>
        <div class="beside">
          <section class="card" aria-labelledby="copy">
            <header>
              <h2 id="copy">A copy of everything</h2>
            </header>
            <div class="body acts">
              <p>
                To read, as JSON and as CSV, with a signed manifest (Art. 15 and 20). Hand it over; do not
                mail it.
              </p>
              <Act view={view} act="copy" title="Make the copy" />
            </div>
          </section>
          <section class="card" aria-labelledby="restriction">
            <header>
              <h2 id="restriction">Restriction</h2>
            </header>
            <div class="body acts">
              <p>
                {restricted
                  ? 'Nothing new is kept of their laptops, and nothing is shown (Art. 18).'
                  : 'Nothing new is kept of their laptops and nothing is shown, until you lift it (Art. 18). Also while an objection is weighed (Art. 21).'}
              </p>
              {current.length > 0 &&
                (restricted ? (
                  <Act view={view} act="lift" title="Lift the restriction" quiet />
                ) : (
                  <Act view={view} act="restrict" title="Restrict" quiet />
                ))}
            </div>
          </section>
          <section class="card" aria-labelledby="erasure">
            <header>
              <h2 id="erasure">Erasure</h2>
            </header>
            <details class="body">
              <summary class="button quiet">Erase</summary>
              <form
                class="person-form"
                method="post"
                action={privacyAddresses.act(organization.id, person.id, 'erase')}
              >
                <input type="hidden" name="csrf" value={viewer.csrf} />
                <p>
                  Destroys what connects {person.name} with laptops, their answers, and what registers say
                  about them. Results stay as results of nobody. It cannot be undone.
                </p>
                <div class="field">
                  <label for="request">Request it is done for</label>
                  <select id="request" name="request">
                    <option value="">None: no longer needed</option>
                    {requests.map(({ id, name }) => (
                      <option key={id} value={id}>
                        {name}
                      </option>
                    ))}
                  </select>
                </div>
                <div class="field">
                  <label for="confirm">Write ERASE to confirm</label>
                  <input id="confirm" name="confirm" type="text" required maxlength={10} autocomplete="off" />
                </div>
                <button type="submit" class="button">
                  Erase for good
                </button>
              </form>
            </details>
          </section>
        </div>
      </div>
    </Layout>
  );
}
