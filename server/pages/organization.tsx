import { addresses } from './addresses.ts';
import { ShareBar } from './components/charts.tsx';
import { DeviceList } from './components/device-list.tsx';
import { EnrollSteps, StateDonut, totalOf } from './components/fleet.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { OutcomeHeads } from './components/outcome-heads.tsx';
import { LookBack, PastBar } from './components/past.tsx';
import { TrendCard } from './components/trend.tsx';
import type { CheckTally, OrganizationView } from './model.ts';
import { number } from './words.ts';

/** Checks that stand open on the page; the rest is one click away. */
const openChecks = 8;

function TallyRows({
  organization,
  tallies,
  asOf,
}: {
  organization: string;
  tallies: readonly CheckTally[];
  asOf: string | null;
}) {
  return (
    <tbody>
      {tallies.map(({ check, title, counts }) => {
        const address = `${addresses.organization(organization, { check, asOf })}#devices`;
        const cell = (amount: number) => (
          <td class={amount === 0 ? 'number zero' : 'number'}>{number(amount)}</td>
        );
        return (
          <tr key={check}>
            <th scope="row">{counts.fail + counts.unknown > 0 ? <a href={address}>{title}</a> : title}</th>
            <td class="bar-cell">
              <ShareBar
                title={title}
                slices={[
                  { tone: 'failing', word: 'failing', amount: counts.fail },
                  { tone: 'unknown', word: 'could not be told', amount: counts.unknown },
                  { tone: 'compliant', word: 'passing', amount: counts.pass },
                  { tone: 'none', word: 'does not apply', amount: counts['not-applicable'] },
                ]}
              />
            </td>
            {cell(counts.fail)}
            {cell(counts.unknown)}
            {cell(counts.pass)}
          </tr>
        );
      })}
    </tbody>
  );
}

function TallyHead() {
  return (
    <thead>
      <tr>
        <th scope="col">Check</th>
        <th scope="col" class="bar-cell">
          <span class="hidden-visually">Shares</span>
        </th>
        <OutcomeHeads />
      </tr>
    </thead>
  );
}

/** Every check with how the laptops answer it; what fails most comes first. */
function Tallies({
  organization,
  checks,
  asOf,
}: {
  organization: string;
  checks: readonly CheckTally[];
  asOf: string | null;
}) {
  const sorted = checks.toSorted(
    (a, b) => b.counts.fail - a.counts.fail || b.counts.unknown - a.counts.unknown,
  );
  const open = sorted.slice(0, openChecks);
  const rest = sorted.slice(openChecks);
  const fine = rest.filter(({ counts }) => counts.fail + counts.unknown === 0).length;
  return (
    <section class="card" aria-labelledby="checks">
      <header>
        <h2 id="checks">Checks</h2>
        <span class="muted small">what fails most comes first</span>
      </header>
      <table class="tallies">
        <TallyHead />
        <TallyRows organization={organization} tallies={open} asOf={asOf} />
      </table>
      {rest.length > 0 && (
        <details class="more">
          <summary>
            {rest.length} more{fine === rest.length ? ', nothing to do there' : ''}
          </summary>
          <table class="tallies">
            <TallyHead />
            <TallyRows organization={organization} tallies={rest} asOf={asOf} />
          </table>
        </details>
      )}
    </section>
  );
}

/** One company: how it stands, check by check, laptop by laptop. */
export function OrganizationPage(view: OrganizationView) {
  const { viewer, organization, policy, counts, checks, past, query } = view;
  const asOf = query.asOf;
  const total = totalOf(counts);
  return (
    <Layout
      title={organization.name}
      viewer={viewer}
      place={{ organization, section: 'overview', asOf }}
      live={total > 0}
    >
      <Crumbs trail={[{ name: 'Today', address: addresses.today }]} />
      <div class="heading">
        <div>
          <h1>{organization.name}</h1>
          <p class="facts">
            <span>
              Judged by policy {policy.id}, version {policy.version}
            </span>
          </p>
        </div>
        {past === null && total > 0 && (
          <LookBack action={addresses.organization(organization.id)} date={null} now={view.today} />
        )}
      </div>
      {past !== null && <PastBar date={past.date} present={addresses.organization(organization.id)} />}
      {total + counts['on-leave'] + view.retired === 0 && past !== null ? (
        <section class="card">
          <p class="calm">No laptop belonged to {organization.name} on that day yet.</p>
        </section>
      ) : total + counts['on-leave'] + view.retired === 0 ? (
        <section class="card">
          <header>
            <h2>No laptop reports here yet</h2>
          </header>
          <div class="empty">
            <EnrollSteps name={organization.name} />
          </div>
        </section>
      ) : (
        <>
          <div class="columns narrow-left">
            <section class="card" aria-labelledby="posture">
              <header>
                <h2 id="posture">Where the laptops stand</h2>
              </header>
              <div class="body">
                <StateDonut
                  organization={organization.id}
                  name={organization.name}
                  counts={counts}
                  asOf={asOf}
                />
              </div>
            </section>
            <Tallies organization={organization.id} checks={checks} asOf={asOf} />
          </div>
          <TrendCard organization={organization} trend={view.trend} more />
          <DeviceList view={view} />
          {past === null && (
            <details class="card">
              <summary>Add a laptop</summary>
              <div class="empty">
                <EnrollSteps name={organization.name} />
              </div>
            </details>
          )}
        </>
      )}
    </Layout>
  );
}
