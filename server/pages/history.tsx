import { addresses } from './addresses.ts';
import { LengthBar } from './components/charts.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { LookBack } from './components/past.tsx';
import { Moment } from './components/time.tsx';
import { TrendCard } from './components/trend.tsx';
import type { OrganizationLink, TrendView, Viewer } from './model.ts';
import { number } from './words.ts';

/** What became of one check over the days that are shown. */
export interface CheckHistory {
  readonly check: string;
  readonly title: string;
  /** How many times a point of it began to fail. */
  readonly broke: number;
  /** How many times a report showed one to be in order again. */
  readonly fixed: number;
  /** Half of the repairs took no longer, in days; null where there was none. */
  readonly medianDays: number | null;
}

export interface HistoryView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  /** How many days are shown. */
  readonly days: number;
  readonly trend: TrendView;
  /** What took longest first. */
  readonly checks: readonly CheckHistory[];
  /** Over all checks; null where nothing was repaired. */
  readonly medianDays: number | null;
  readonly policies: readonly {
    readonly version: number;
    readonly effectiveFrom: string;
    readonly reason: string;
  }[];
}

/** How far back the page may look. */
export const historyDays = [30, 90, 365] as const;

const days = (value: number): string => `${value.toFixed(1)} ${value === 1 ? 'day' : 'days'}`;

/** Check by check how long it took until a fault was gone; the bars are only lengths, the numbers stand beside them. */
export function FixTable({
  organization,
  checks,
}: {
  organization: string;
  checks: readonly CheckHistory[];
}) {
  const longest = Math.max(...checks.map(({ medianDays }) => medianDays ?? 0), 0.1);
  return (
    <table class="tallies">
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col" class="bar-cell">
            <span class="hidden-visually">Length</span>
          </th>
          <th scope="col" class="number">
            Median
          </th>
          <th scope="col" class="number">
            Fixed
          </th>
          <th scope="col" class="number">
            Broke
          </th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ check, title, broke, fixed, medianDays }) => (
          <tr key={check}>
            <th scope="row">
              <a href={addresses.check(organization, check)}>{title}</a>
            </th>
            <td class="bar-cell">
              <LengthBar part={(medianDays ?? 0) / longest} />
            </td>
            <td class={medianDays === null ? 'number zero' : 'number'}>
              {medianDays === null ? 'none' : days(medianDays)}
            </td>
            <td class={fixed === 0 ? 'number zero' : 'number'}>{number(fixed)}</td>
            <td class={broke === 0 ? 'number zero' : 'number'}>{number(broke)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Periods({ view }: { view: HistoryView }) {
  return (
    <nav aria-label="How far back">
      <ul class="tabs">
        {historyDays.map((amount) => (
          <li key={amount}>
            <a
              href={addresses.history(view.organization.id, amount)}
              aria-current={amount === view.days ? 'true' : undefined}
            >
              {amount === 365 ? 'A year' : `${amount} days`}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What was: day by day, how long repairs took, which policy was in force. */
export function HistoryPage(view: HistoryView) {
  const { viewer, now, organization, trend, checks, medianDays, policies } = view;
  return (
    <Layout
      title={`History, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'history' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>History</h1>
          <p class="facts">
            <span>The fleet on any day, with the policy and the waivers in force then</span>
          </p>
        </div>
        <LookBack action={addresses.organization(organization.id)} date={null} now={now} />
      </div>
      <Periods view={view} />
      <TrendCard organization={organization} trend={trend} more={false} />
      <section class="card" aria-labelledby="fix">
        <header>
          <h2 id="fix">How long it takes to fix</h2>
          {medianDays !== null && (
            <span class="muted small">half of all faults were gone within {days(medianDays)}</span>
          )}
        </header>
        {checks.length === 0 ? (
          <p class="calm">Nothing broke and nothing had to be fixed in these days.</p>
        ) : (
          <FixTable organization={organization.id} checks={checks} />
        )}
        <p class="footnote">
          From the report that showed a fault to the report that showed it gone. What ends because the policy
          asks for less, or because a laptop fell silent, is no repair and is not counted.
        </p>
      </section>
      <section class="card" aria-labelledby="policies">
        <header>
          <h2 id="policies">Policies that were in force</h2>
        </header>
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">In force from</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {policies.map(({ version, effectiveFrom, reason }) => (
              <tr key={version}>
                <th scope="row">Version {version}</th>
                <td class="when">
                  <Moment at={effectiveFrom} />
                </td>
                <td class="whole muted">{reason === '' ? 'no reason was given' : reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Layout>
  );
}
