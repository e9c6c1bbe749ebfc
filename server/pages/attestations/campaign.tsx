import { addresses } from '../addresses.ts';
import { Command } from '../components/command.tsx';
import { PostForm, Problem } from '../components/form.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Toned } from '../components/status.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import type { Tone } from '../words.ts';
import { attestationAddresses } from './addresses.ts';

export interface PersonRow {
  readonly id: string;
  readonly pseudonym: string;
  /** Label of the laptop that may answer. */
  readonly device: string | null;
  readonly answer: 'yes' | 'no' | 'not-applicable' | null;
  readonly reason: string;
  readonly answeredAt: string | null;
  readonly answeredBy: 'link' | 'laptop' | null;
  readonly evidence: string | null;
  /** The laptop’s own signature is kept, for whoever wants to verify it. */
  readonly signed: boolean;
  readonly countersignedAt: string | null;
  readonly actionDueAt: string | null;
  readonly actionDoneAt: string | null;
  readonly actionNote: string;
}

/** A personal link, shown once. */
export interface PersonalLink {
  readonly pseudonym: string;
  /** The address it goes to; only shown to whoever just typed it. */
  readonly contact: string | null;
  readonly address: string;
}

export interface CampaignView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly campaign: {
    readonly id: string;
    readonly title: string;
    readonly statement: string;
    readonly digest: string;
    readonly role: string;
    readonly periodFrom: string;
    readonly createdAt: string;
    readonly dueAt: string;
    readonly validUntil: string;
    readonly ended: boolean;
  };
  readonly people: readonly PersonRow[];
  /** Just made: shown this once. */
  readonly links?: readonly PersonalLink[] | undefined;
  /** A mail server is set: people are written to. */
  readonly mailed?: boolean;
  readonly problem?: string | undefined;
}

const answerWords: Record<'yes' | 'no' | 'not-applicable', { readonly word: string; readonly tone: Tone }> = {
  yes: { word: 'Yes', tone: 'compliant' },
  no: { word: 'No', tone: 'failing' },
  'not-applicable': { word: 'Does not apply', tone: 'none' },
};

function Links({ links, mailed }: { links: readonly PersonalLink[]; mailed: boolean }) {
  return (
    <section class="card" aria-labelledby="links">
      <header>
        <h2 id="links">{links.length === 1 ? 'Personal link' : 'Personal links'}</h2>
        <span class="muted small">shown this once; each works until it is answered</span>
      </header>
      {mailed && (
        <p class="body muted">
          Whoever has an e-mail address here also gets a link of their own by e-mail within minutes, and is
          reminded 7 and 2 days before answers are due.
        </p>
      )}
      <ul class="body plain-list">
        {links.map(({ pseudonym, contact, address }) => (
          <li key={pseudonym} class="personal-link">
            <span>
              {pseudonym}
              {contact !== null && <span class="under">{contact}</span>}
            </span>
            <Command address text={address} label={`the link of ${contact ?? pseudonym}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Steps({ view, person }: { view: CampaignView; person: PersonRow }) {
  const { viewer, organization, campaign } = view;
  const writes = viewer.may.includes('registers.write');
  const action = (step: 'link' | 'countersign' | 'put-right') =>
    attestationAddresses.person(organization.id, campaign.id, person.id, step);
  if (person.answer === null) {
    return writes && !campaign.ended ? (
      <PostForm action={action('link')} csrf={viewer.csrf}>
        <button type="submit" class="button plain" aria-label={`New link for ${person.pseudonym}`}>
          New link
        </button>
      </PostForm>
    ) : null;
  }
  if (
    person.answer === 'yes' &&
    person.countersignedAt === null &&
    viewer.may.includes('registers.approve')
  ) {
    return (
      <PostForm action={action('countersign')} csrf={viewer.csrf}>
        <button type="submit" class="button plain" aria-label={`Countersign ${person.pseudonym}`}>
          Countersign
        </button>
      </PostForm>
    );
  }
  if (person.actionDueAt !== null && person.actionDoneAt === null && writes) {
    return (
      <details>
        <summary>Put right</summary>
        <PostForm action={action('put-right')} csrf={viewer.csrf} className="put-right">
          <label for={`note-${person.id}`}>What was done for {person.pseudonym}</label>
          <input id={`note-${person.id}`} name="note" type="text" required minLength={5} maxLength={500} />
          <button type="submit" class="button quiet">
            Close this action
          </button>
        </PostForm>
      </details>
    );
  }
  return null;
}

function Said({ person }: { person: PersonRow }) {
  if (person.answer === null) return <Toned tone="unknown">No answer yet</Toned>;
  const { word, tone } = answerWords[person.answer];
  return (
    <>
      <Toned tone={tone}>{word}</Toned>
      {person.reason !== '' && <span class="under">{person.reason}</span>}
      {person.actionDueAt !== null && (
        <span class="under">
          {person.actionDoneAt === null
            ? `to be put right by ${person.actionDueAt.slice(0, 10)}`
            : `put right on ${person.actionDoneAt.slice(0, 10)}: ${person.actionNote}`}
        </span>
      )}
    </>
  );
}

/** One campaign: the words, who was asked, and what they said. */
export function CampaignPage(view: CampaignView) {
  const { viewer, organization, campaign, people, links, problem } = view;
  const day = (at: string) => at.slice(0, 10);
  return (
    <Layout
      title={`${campaign.title}, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'attestations' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Statements of people', address: attestationAddresses.attestations(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{campaign.title}</h1>
          <p class="clause-prose clause-quote">“{campaign.statement}”</p>
          <p class="facts">
            <span class="sentence">{campaign.role}</span>
            <span>
              covers the time from {day(campaign.periodFrom)}, answers by {day(campaign.dueAt)}, good until{' '}
              {day(campaign.validUntil)}
            </span>
          </p>
          <p class="muted small">
            Version of these words (SHA-256): <code class="digest">{campaign.digest}</code>
          </p>
        </div>
        {viewer.may.includes('registers.write') && !campaign.ended && (
          <details>
            <summary class="button quiet">End it now …</summary>
            <PostForm
              action={attestationAddresses.end(organization.id, campaign.id)}
              csrf={viewer.csrf}
              className="put-right"
            >
              <p class="muted small">
                Nobody can answer any more, and it cannot be opened again. What was said stays.
              </p>
              <button type="submit" class="button">
                End it for good
              </button>
            </PostForm>
          </details>
        )}
      </div>
      <Problem text={problem} />
      {links !== undefined && links.length > 0 && <Links links={links} mailed={view.mailed === true} />}
      <section class="card" aria-labelledby="people">
        <header>
          <h2 id="people">Who was asked</h2>
          <span class="muted small">by pseudonym; addresses are kept apart</span>
        </header>
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Person</th>
              <th scope="col">Said</th>
              <th scope="col">When</th>
              <th scope="col">
                <span class="hidden-visually">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <tr key={person.id}>
                <th scope="row">
                  {person.pseudonym}
                  {person.device !== null && <span class="under">laptop {person.device}</span>}
                </th>
                <td class="whole">
                  <Said person={person} />
                </td>
                <td class="whole" data-label="When:">
                  {person.answeredAt === null ? (
                    <span class="muted">not yet</span>
                  ) : (
                    <>
                      {day(person.answeredAt)}
                      <span class="under">
                        {person.signed ? (
                          <a
                            href={attestationAddresses.signed(view.organization.id, campaign.id, person.id)}
                            download
                          >
                            signed by the laptop
                          </a>
                        ) : (
                          'by personal link'
                        )}
                        {person.countersignedAt !== null && `, countersigned ${day(person.countersignedAt)}`}
                      </span>
                      {person.evidence !== null && (
                        <span class="under">
                          evidence <code>{person.evidence.slice(0, 16)}…</code>
                        </span>
                      )}
                    </>
                  )}
                </td>
                <td>
                  <Steps view={view} person={person} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Layout>
  );
}
