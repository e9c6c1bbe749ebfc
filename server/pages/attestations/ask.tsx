import { addresses } from '../addresses.ts';
import { Field, PostForm, Problem } from '../components/form.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { attestationAddresses } from './addresses.ts';

export interface AskView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly template: string;
  readonly title: string;
  readonly statement: string;
  readonly role: string;
  readonly every: string;
  readonly periodFrom: string;
  readonly due: string;
  readonly people: string;
  readonly laptops: boolean;
  /** How many laptops there are to ask. */
  readonly devices: number;
  readonly problem?: string | undefined;
}

/** Asking people for a statement: the exact words, who, and by when. */
export function AskPage(view: AskView) {
  const { viewer, now, organization, template, title, statement, role, every, devices, problem } = view;
  return (
    <Layout title={`Ask for: ${title}`} viewer={viewer} place={{ organization, section: 'attestations' }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Statements of people', address: attestationAddresses.attestations(organization.id) },
        ]}
      />
      <div class="heading">
        <h1>Ask for: {title}</h1>
      </div>
      <section class="card">
        <PostForm
          action={attestationAddresses.attestations(organization.id)}
          csrf={viewer.csrf}
          className="record-form"
        >
          <Problem text={problem} />
          <input type="hidden" name="template" value={template} />
          <div class="field">
            <label for="statement">The words people say yes or no to</label>
            <textarea
              id="statement"
              name="statement"
              rows={3}
              maxLength={1_000}
              required
              aria-describedby="statement-hint"
            >
              {statement}
            </textarea>
            <span class="hint" id="statement-hint">
              They cannot be changed afterwards: an answer stays with exactly these words. Asked {every}.
            </span>
          </div>
          <Field id="role" label="Whom it is meant for" value={role} maxLength={200} />
          <Field
            id="periodFrom"
            label="The statement covers the time from"
            type="date"
            value={view.periodFrom}
            max={now.slice(0, 10)}
          />
          <Field id="due" label="Answers by" type="date" value={view.due} min={now.slice(0, 10)} />
          <fieldset class="field">
            <legend>Who is asked</legend>
            <label class="option">
              <input
                type="checkbox"
                name="laptops"
                value="yes"
                checked={view.laptops}
                disabled={devices === 0}
              />
              <span>
                Whoever uses each of the {devices} laptops: answered there with <code>agent --attest</code>,
                signed by the laptop
              </span>
            </label>
          </fieldset>
          <div class="field">
            <label for="people">
              E-mail addresses, one a line <span class="optional">(optional)</span>
            </label>
            <textarea id="people" name="people" rows={6} aria-describedby="people-hint">
              {view.people}
            </textarea>
            <span class="hint" id="people-hint">
              Each person gets a personal link. The addresses are kept apart, under a key of their own;
              everywhere else a person is a pseudonym.
            </span>
          </div>
          <p class="actions">
            <button type="submit" class="button">
              Ask these people
            </button>
            <a class="button quiet" href={attestationAddresses.attestations(organization.id)}>
              Cancel
            </a>
          </p>
        </PostForm>
      </section>
    </Layout>
  );
}
