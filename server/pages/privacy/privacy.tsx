import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { ProblemSummary } from '../registers/record-form.tsx';
import { privacyAddresses } from './addresses.ts';

export interface PrivacyView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly documents: readonly { readonly id: string; readonly title: string; readonly about: string }[];
  /** Null for those who do not see who is behind a pseudonym. */
  readonly people: readonly { readonly id: string; readonly name: string; readonly laptops: number }[] | null;
  readonly problem?: string | undefined;
}

function People({ view, people }: { view: PrivacyView; people: NonNullable<PrivacyView['people']> }) {
  const { organization, viewer, problem } = view;
  return (
    <section class="card" aria-labelledby="people">
      <header>
        <h2 id="people">People</h2>
        <span class="muted small">sealed, and apart from what laptops report</span>
      </header>
      {people.length === 0 ? (
        <div class="empty">
          <p>
            Nobody is recorded yet. Write down who holds which laptop only if you need to be able to reach
            them; results are kept under pseudonyms either way.
          </p>
        </div>
      ) : (
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col" class="number">
                Laptops
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map(({ id, name, laptops }) => (
              <tr key={id}>
                <th scope="row">
                  <a href={privacyAddresses.person(organization.id, id)}>{name}</a>
                </th>
                <td class="number">{laptops}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="body">
        <h3>Add a person</h3>
        {problem !== undefined && <ProblemSummary problem={problem} problems={{}} fields={{}} />}
        <form method="post" action={privacyAddresses.people(organization.id)} class="person-form">
          <input type="hidden" name="csrf" value={viewer.csrf} />
          <PersonFields />
          <button type="submit" class="button">
            Add
          </button>
        </form>
      </div>
    </section>
  );
}

/** What is held about a person: no more than it takes to reach them. */
export function PersonFields({ person }: { person?: { name: string; email: string; kind: string } }) {
  return (
    <>
      <div class="field">
        <label for="name">Name</label>
        <input
          id="name"
          name="name"
          type="text"
          required
          maxlength={200}
          value={person?.name}
          autocomplete="off"
        />
      </div>
      <div class="field">
        <label for="email">Work e-mail address</label>
        <input
          id="email"
          name="email"
          type="email"
          required
          maxlength={200}
          value={person?.email}
          autocomplete="off"
        />
      </div>
      <div class="field">
        <label for="kind">Who they are</label>
        <select id="kind" name="kind">
          {(['staff', 'agent', 'contractor'] as const).map((kind) => (
            <option key={kind} value={kind} selected={person?.kind === kind}>
              {{ staff: 'Staff', agent: 'Agent acting for the company', contractor: 'Contractor' }[kind]}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

/** Whose data the collector holds, and what it tells about that. */
export function PrivacyPage(view: PrivacyView) {
  const { viewer, organization, documents, people } = view;
  return (
    <Layout
      title={`Privacy at ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'privacy' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Privacy</h1>
          <p class="facts">
            <span>What this collector holds about people, for how long, and what they can ask for.</span>
          </p>
        </div>
      </div>
      {people !== null && <People view={view} people={people} />}
      <section class="card" aria-labelledby="documents">
        <header>
          <h2 id="documents">Documents about Muster itself</h2>
          <span class="muted small">
            made of what this build really holds, so that they cannot say anything else
          </span>
        </header>
        <ul class="body document-list">
          {documents.map(({ id, title, about }) => (
            <li key={id}>
              <a href={privacyAddresses.document(organization.id, id)}>{title}</a>
              <span class="under">{about}</span>
              {id === 'impact-assessment' && viewer.may.includes('registers.write') && (
                <form method="post" action={privacyAddresses.takeAssessment(organization.id)}>
                  <input type="hidden" name="csrf" value={viewer.csrf} />
                  <button type="submit" class="button plain">
                    Take it into the register
                  </button>
                </form>
              )}
            </li>
          ))}
          <li>
            <a href={privacyAddresses.retention(organization.id)}>Retention schedule</a>
            <span class="under">
              What is kept for how long and why, what was deleted, and what was erased on request.
            </span>
          </li>
          <li>
            <a href={privacyAddresses.numbers(organization.id)} download>
              Numbers that name nobody, as CSV
            </a>
            <span class="under">By week and check, no group of fewer than five, no ids.</span>
          </li>
        </ul>
      </section>
    </Layout>
  );
}
