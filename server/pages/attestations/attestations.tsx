import { list } from '../../../shared/words.ts';
import { addresses } from '../addresses.ts';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Toned } from '../components/status.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { number, type Tone } from '../words.ts';
import { attestationAddresses } from './addresses.ts';

export interface CampaignRow {
  readonly id: string;
  readonly title: string;
  readonly role: string;
  readonly people: number;
  readonly yes: number;
  readonly no: number;
  readonly notApplicable: number;
  /** Actions that a no opened and nobody has closed. */
  readonly actions: number;
  readonly dueAt: string;
  readonly validUntil: string;
  readonly state: 'running' | 'complete' | 'over' | 'ended' | 'expired';
}

/** A statement the organization's policy rests on, or one of the others. */
export interface TemplateRow {
  readonly id: string;
  readonly title: string;
  readonly audience: string;
  /** `every 3 months, from our proposal`. */
  readonly every: string;
  /** Sentences that rest on it. */
  readonly clauses: number;
  readonly asked: boolean;
}

export interface AttestationsView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly campaigns: readonly CampaignRow[];
  readonly templates: readonly TemplateRow[];
}

const stateWords: Record<CampaignRow['state'], { readonly word: string; readonly tone: Tone }> = {
  running: { word: 'Running', tone: 'none' },
  complete: { word: 'Everybody answered', tone: 'compliant' },
  over: { word: 'Over, some did not answer', tone: 'unknown' },
  ended: { word: 'Ended early', tone: 'none' },
  expired: { word: 'Answers too old', tone: 'unknown' },
};

function Campaigns({ view }: { view: AttestationsView }) {
  const { organization, campaigns } = view;
  return (
    <table class="stacks">
      <caption class="hidden-visually">Campaigns, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Statement</th>
          <th scope="col">Stands</th>
          <th scope="col" class="number">
            Yes
          </th>
          <th scope="col" class="number">
            No
          </th>
          <th scope="col" class="number">
            No answer
          </th>
          <th scope="col">Due</th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((row) => (
          <tr key={row.id}>
            <th scope="row" class="whole">
              <a href={attestationAddresses.campaign(organization.id, row.id)}>{row.title}</a>
              <span class="under sentence">{row.role}</span>
            </th>
            <td>
              <Toned tone={stateWords[row.state].tone}>{stateWords[row.state].word}</Toned>
              {row.actions > 0 && (
                <span class="under">
                  {row.actions === 1 ? '1 action open' : `${row.actions} actions open`}
                </span>
              )}
            </td>
            <td class="number" data-label="Yes:">
              {number(row.yes)}
            </td>
            <td class={row.no === 0 ? 'number zero' : 'number'} data-label="No:">
              {number(row.no)}
            </td>
            <td class="number" data-label="No answer:">
              {number(row.people - row.yes - row.no - row.notApplicable)}
            </td>
            <td class="when" data-label="Due:">
              {row.dueAt.slice(0, 10)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Templates({
  view,
  rows,
  id,
  title,
  hint,
}: {
  view: AttestationsView;
  rows: readonly TemplateRow[];
  id: string;
  title: string;
  hint: string;
}) {
  const { viewer, organization } = view;
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span class="muted small">{hint}</span>
      </header>
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">Statement</th>
            <th scope="col">How often</th>
            <th scope="col" class="number">
              Sentences
            </th>
            {viewer.may.includes('registers.write') && (
              <th scope="col">
                <span class="hidden-visually">What to do</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row" class="whole">
                {row.title}
                <span class="under sentence">{list([row.audience])}</span>
              </th>
              <td class="whole sentence" data-label="How often:">
                {row.every}
                {!row.asked && <span class="under">never asked</span>}
              </td>
              <td class="number" data-label="Sentences:">
                {number(row.clauses)}
              </td>
              {viewer.may.includes('registers.write') && (
                <td>
                  <a
                    class="button plain"
                    href={attestationAddresses.ask(organization.id, row.id)}
                    aria-label={`Ask for: ${row.title}`}
                  >
                    Ask
                  </a>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What people are asked to state, where no laptop and no register can tell. */
export function AttestationsPage(view: AttestationsView) {
  const { viewer, organization, campaigns, templates } = view;
  return (
    <Layout
      title={`Statements of people, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'attestations' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Statements of people</h1>
          <p class="clause-prose muted">
            Where neither a laptop nor a register can tell, people are asked. A no opens something to put
            right, never a sanction; no answer is no evidence, and nobody’s failure.
          </p>
        </div>
      </div>
      <section class="card" aria-labelledby="campaigns">
        <header>
          <h2 id="campaigns">Asked so far</h2>
        </header>
        {campaigns.length === 0 ? (
          <p class="calm">
            <Icon name="none" />
            Nobody has been asked yet. Choose a statement below; each person gets a personal link, or answers
            on the laptop.
          </p>
        ) : (
          <Campaigns view={view} />
        )}
      </section>
      <Templates
        view={view}
        id="needed"
        title="Statements the policy rests on"
        hint="what most sentences rest on comes first"
        rows={templates.filter(({ clauses }) => clauses > 0)}
      />
      <Templates
        view={view}
        id="other"
        title="Other statements"
        hint="no sentence of the policy rests on them"
        rows={templates.filter(({ clauses }) => clauses === 0)}
      />
    </Layout>
  );
}
