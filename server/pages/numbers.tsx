import type { Status } from '../../shared/check.ts';
import { type ShownCounts, smallestFleet, smallestGroup } from '../review/small-groups.ts';
import { addresses } from './addresses.ts';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { OutcomeHeads } from './components/outcome-heads.tsx';
import { Toned } from './components/status.tsx';
import {
  type DeviceState,
  deviceStates,
  type OrganizationLink,
  type PolicyLink,
  type Viewer,
} from './model.ts';
import { number, stateWords, toneOf } from './words.ts';

/** An organization of which somebody sees numbers only; null where it has too few laptops to show any. */
export interface NumbersSummary {
  readonly organization: OrganizationLink;
  readonly counts: ShownCounts<DeviceState> | null;
}

export interface NumbersView extends NumbersSummary {
  readonly viewer: Viewer;
  readonly policy: PolicyLink;
  /** In the catalogue's order. */
  readonly checks: readonly {
    readonly check: string;
    readonly title: string;
    readonly counts: ShownCounts<Status> | null;
  }[];
}

/** A number, or that it is too small to be shown. */
function Shown({ count }: { count: number | null }) {
  return count === null ? <span class="hidden-number">not shown</span> : <span>{number(count)}</span>;
}

function TooFew() {
  return (
    <p class="calm">
      <Icon name="none" />
      With fewer than {smallestFleet} laptops even numbers point at people, so none are shown here.
    </p>
  );
}

/** How many laptops of an organization stand where, without small groups. */
export function NumbersCard({ summary, link }: { summary: NumbersSummary; link: boolean }) {
  const { organization, counts } = summary;
  const id = `numbers-${organization.id}`;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>
          {link ? (
            <a href={addresses.organization(organization.id)}>{organization.name}</a>
          ) : (
            'Where the laptops stand'
          )}
        </h2>
        <span class="muted small">numbers only</span>
      </header>
      {counts === null ? (
        <TooFew />
      ) : (
        <ul class="rows">
          {deviceStates.map((state) => (
            <li key={state}>
              <Toned tone={toneOf(state)}>{stateWords[state]}</Toned>
              <span class="count">
                <Shown count={counts[state]} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** One company in numbers, for whoever may see nothing else: no laptop is on it, and no number that points at one. */
export function NumbersPage(view: NumbersView) {
  const { viewer, organization, policy, checks, counts } = view;
  const told = checks.flatMap((check) => (check.counts === null ? [] : [{ ...check, counts: check.counts }]));
  return (
    <Layout title={organization.name} viewer={viewer} place={{ organization, section: 'overview' }}>
      <Crumbs trail={[{ name: 'Today', address: addresses.today }]} />
      <div class="heading">
        <div>
          <h1>{organization.name}</h1>
          <p class="facts">
            <span>
              Judged by policy {policy.id}, version {policy.version}
            </span>
            <span>
              Numbers below {smallestGroup} are not shown, nor any from which they could be worked out: nobody
              is singled out here.
            </span>
          </p>
        </div>
      </div>
      <div class="columns narrow-left">
        <NumbersCard summary={view} link={false} />
        {counts !== null && (
          <section class="card" aria-labelledby="checks">
            <header>
              <h2 id="checks">Checks</h2>
            </header>
            {told.length === 0 ? (
              <TooFew />
            ) : (
              <table class="tallies">
                <thead>
                  <tr>
                    <th scope="col">Check</th>
                    <OutcomeHeads />
                  </tr>
                </thead>
                <tbody>
                  {told.map(({ check, title, counts: of }) => (
                    <tr key={check}>
                      <th scope="row">{title}</th>
                      {(['fail', 'unknown', 'pass'] as const).map((status) => (
                        <td key={status} class={of[status] === 0 ? 'number zero' : 'number'}>
                          <Shown count={of[status]} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
        )}
      </div>
    </Layout>
  );
}
