import type { Mode, Status } from '../../shared/check.ts';
import { addresses } from './addresses.ts';
import { type CheckSort, checkSorts } from './checks-query.ts';
import { ShareBar } from './components/charts.tsx';
import { EnrollSteps } from './components/fleet.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { OutcomeHeads } from './components/outcome-heads.tsx';
import { LookBack, PastBar } from './components/past.tsx';
import type { CheckTally, OrganizationLink, PastView, PolicyLink, Viewer } from './model.ts';
import { number } from './words.ts';

export interface CheckSummary extends CheckTally {
  /** How much the check counts: its most demanding point. */
  readonly mode: Mode;
}

export interface ChecksView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly policy: PolicyLink;
  /** Every check there is, in the catalogue's order. */
  readonly checks: readonly CheckSummary[];
  readonly sort: CheckSort;
  readonly devices: number;
  /** The day that is looked back at; null for the present. */
  readonly past: PastView | null;
  /** The moment the page was made. */
  readonly today: string;
}

const sortWords: Record<CheckSort, string> = {
  fail: 'What fails most first',
  unknown: 'What could not be told most first',
  name: 'By name',
};

function sorted(checks: readonly CheckSummary[], sort: CheckSort): readonly CheckSummary[] {
  return checks.toSorted(
    (a, b) =>
      (sort === 'name' ? 0 : b.counts[sort] - a.counts[sort]) ||
      (sort === 'name' ? 0 : b.counts.fail - a.counts.fail) ||
      a.title.localeCompare(b.title),
  );
}

function Amount({
  organization,
  check,
  status,
  label,
  asOf,
  wideOnly = false,
}: {
  organization: string;
  check: CheckSummary;
  status: Status;
  asOf: string | null;
  label: string;
  /** Left out on a narrow screen. */
  wideOnly?: boolean;
}) {
  const amount = check.counts[status];
  return (
    <td
      class={`number${amount === 0 ? ' zero' : ''}${wideOnly ? ' wide-only' : ''}`}
      data-label={`${label}:`}
    >
      {amount === 0 ? (
        '0'
      ) : (
        <a
          href={`${addresses.check(organization, check.check, { status, asOf })}#laptops`}
          aria-label={`${number(amount)}: ${check.title}, ${label.toLowerCase()}`}
        >
          {number(amount)}
        </a>
      )}
    </td>
  );
}

function CheckTable({
  organization,
  checks,
  caption,
  asOf,
}: {
  organization: string;
  asOf: string | null;
  checks: readonly CheckSummary[];
  caption: string;
}) {
  return (
    <table class="tallies checks">
      <caption class="hidden-visually">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col" class="bar-cell">
            <span class="hidden-visually">Shares</span>
          </th>
          <OutcomeHeads />
          <th scope="col" class="number wide-only">
            Does not apply
          </th>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <tr key={check.check}>
            <th scope="row">
              <a href={addresses.check(organization, check.check, { asOf })}>{check.title}</a>
            </th>
            <td class="bar-cell">
              <ShareBar
                title={check.title}
                slices={[
                  {
                    tone:
                      check.mode === 'enforce' ? 'failing' : check.mode === 'off' ? 'silent' : 'attention',
                    word: 'failing',
                    amount: check.counts.fail,
                  },
                  { tone: 'unknown', word: 'could not be told', amount: check.counts.unknown },
                  { tone: 'compliant', word: 'passing', amount: check.counts.pass },
                  { tone: 'none', word: 'does not apply', amount: check.counts['not-applicable'] },
                ]}
              />
            </td>
            <Amount organization={organization} check={check} status="fail" label="Fails" asOf={asOf} />
            <Amount organization={organization} check={check} status="unknown" label="Not told" asOf={asOf} />
            <Amount organization={organization} check={check} status="pass" label="Passes" asOf={asOf} />
            <Amount
              organization={organization}
              check={check}
              status="not-applicable"
              label="Does not apply"
              asOf={asOf}
              wideOnly
            />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Group({
  id,
  title,
  hint,
  checks,
  view,
}: {
  id: string;
  title: string;
  hint: string;
  checks: readonly CheckSummary[];
  view: ChecksView;
}) {
  if (checks.length === 0) return null;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span class="muted small">{hint}</span>
      </header>
      <CheckTable
        organization={view.organization.id}
        checks={sorted(checks, view.sort)}
        asOf={view.past?.date ?? null}
        caption={`${title}: how the laptops answer`}
      />
    </section>
  );
}

/** Every check there is, and how the laptops answer it. */
export function ChecksPage(view: ChecksView) {
  const { viewer, organization, policy, checks, sort, devices, past } = view;
  const asOf = past?.date ?? null;
  const of = (...modes: Mode[]) => checks.filter(({ mode }) => modes.includes(mode));
  return (
    <Layout
      title={`Checks, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'checks', asOf }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id, { asOf }) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Checks</h1>
          <p class="facts">
            <span>
              What {organization.name} {past === null ? 'asks' : 'asked'} of its laptops, by policy{' '}
              {policy.id}, version {policy.version}
            </span>
          </p>
        </div>
        {past === null && devices > 0 && (
          <LookBack
            action={addresses.checks(organization.id)}
            date={null}
            now={view.today}
            keep={sort === 'fail' ? {} : { sort }}
          />
        )}
      </div>
      {past !== null && <PastBar date={past.date} present={addresses.checks(organization.id, { sort })} />}
      {devices > 0 && (
        <nav aria-label="Order">
          <ul class="tabs plain">
            {checkSorts.map((each) => (
              <li key={each}>
                <a
                  href={addresses.checks(organization.id, { sort: each, asOf })}
                  aria-current={each === sort ? 'true' : undefined}
                >
                  {sortWords[each]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {devices === 0 && past !== null && (
        <section class="card">
          <p class="calm">No laptop belonged to {organization.name} on that day yet.</p>
        </section>
      )}
      {devices === 0 && past === null && (
        <section class="card">
          <header>
            <h2>No laptop reports here yet</h2>
          </header>
          <div class="empty">
            <EnrollSteps name={organization.name} />
          </div>
        </section>
      )}
      <Group
        id="counted"
        title="What counts"
        hint="a laptop that fails one of these is not in order"
        checks={of('enforce')}
        view={view}
      />
      <Group
        id="reminders"
        title="Reminders and information"
        hint="read and shown, without counting"
        checks={of('warn', 'advisory')}
        view={view}
      />
      <Group
        id="not-asked"
        title="Not asked by the policy"
        hint="read all the same, so that you see what asking would mean"
        checks={of('off')}
        view={view}
      />
    </Layout>
  );
}
