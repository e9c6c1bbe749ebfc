import { count } from '../../shared/words.ts';
import { addresses } from './addresses.ts';
import { Command } from './components/command.tsx';
import { DeviceName, EnrollSteps, StateBar, StateTiles, totalOf } from './components/fleet.tsx';
import { HeldPolicies, type HeldPolicyView } from './components/held-policies.tsx';
import { Icon } from './components/icon.tsx';
import { Layout } from './components/layout.tsx';
import { SeverityTag } from './components/status.tsx';
import { Ago } from './components/time.tsx';
import { type WaiverRow, WaiverTable } from './components/waivers.tsx';
import {
  type Breakage,
  countedStates,
  deviceStates,
  type OrganizationSummary,
  type Silence,
  type StateCounts,
  type TodayView,
} from './model.ts';
import { NumbersCard, type NumbersSummary } from './numbers.tsx';
import { DueRecords } from './registers/due-records.tsx';
import { number, stateWords } from './words.ts';

function sum(organizations: readonly OrganizationSummary[]): StateCounts {
  const counts = { failing: 0, unknown: 0, silent: 0, compliant: 0, 'on-leave': 0 };
  for (const organization of organizations) {
    for (const state of deviceStates) counts[state] += organization.counts[state];
  }
  return counts;
}

/** `yesterday`, or the name of the day (UTC) where it is longer ago. */
function dayBefore(since: string, now: string): string {
  if (Date.parse(since) + 2 * 86_400_000 > Date.parse(now)) return 'yesterday';
  return new Date(since).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
}

interface BrokeProps {
  readonly broke: readonly Breakage[];
  readonly total: number;
  readonly since: string;
  readonly now: string;
}

function Broke({ broke, total, since, now }: BrokeProps) {
  return (
    <section class="card" aria-labelledby="broke">
      <header>
        <h2 id="broke">Broke since {dayBefore(since, now)}</h2>
        {total > 0 && (
          <span class="muted small">
            {total > broke.length ? `the newest ${broke.length} of ${number(total)}` : number(total)}
          </span>
        )}
      </header>
      {broke.length === 0 ? (
        <p class="calm">
          <Icon name="compliant" />
          Nothing that was in order has started to fail.
        </p>
      ) : (
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Laptop</th>
              <th scope="col">What fails</th>
              <th scope="col">Severity</th>
              <th scope="col" class="number">
                Since
              </th>
            </tr>
          </thead>
          <tbody>
            {broke.map((item) => (
              <tr key={`${item.device.id}/${item.check}/${item.pointTitle}`}>
                <td>
                  <DeviceName organization={item.organization.id} device={item.device} />
                  <span class="under one-line">{item.organization.name}</span>
                </td>
                <td class="whole">
                  {item.checkTitle}: {item.pointTitle.toLowerCase()}
                  <span class="under sentence">{item.observed}</span>
                </td>
                <td>
                  <SeverityTag severity={item.severity} />
                </td>
                <td class="when number right">
                  <Ago at={item.since} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function WentSilent({ silent, total, now }: { silent: readonly Silence[]; total: number; now: string }) {
  return (
    <section class="card" aria-labelledby="silent">
      <header>
        <h2 id="silent">Went silent</h2>
        {total > silent.length && (
          <span class="muted small">{`the newest ${silent.length} of ${number(total)}`}</span>
        )}
      </header>
      {silent.length === 0 ? (
        <p class="calm">
          <Icon name="compliant" />
          Every laptop reports.
        </p>
      ) : (
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Laptop</th>
              <th scope="col" class="number">
                Last report
              </th>
            </tr>
          </thead>
          <tbody>
            {silent.map((item) => (
              <tr key={item.device.id}>
                <td>
                  <DeviceName organization={item.organization.id} device={item.device} />
                  <span class="under one-line">{item.organization.name}</span>
                </td>
                <td class="when number right">
                  {item.lastReportAt === null ? (
                    <>
                      never
                      <span class="under">
                        joined <Ago at={item.enrolledAt} now={now} />
                      </span>
                    </>
                  ) : (
                    <Ago at={item.lastReportAt} now={now} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Waivers that call for somebody: to decide, ended since the day before, ending within two weeks. */
function DueWaivers({
  waivers,
  waiting,
  now,
}: {
  waivers: readonly WaiverRow[];
  waiting: number;
  now: string;
}) {
  const groups = [
    ['waiting', 'Waivers to decide', ({ stage }: WaiverRow) => stage === 'waiting'],
    [
      'ended',
      'Waivers that ended; what they excused counts again',
      ({ stage }: WaiverRow) => stage === 'expired',
    ],
    ['ending', 'Waivers that end within two weeks', ({ stage }: WaiverRow) => stage === 'in-force'],
  ] as const;
  return groups.map(([id, title, belongs]) => {
    const rows = waivers.filter(belongs);
    if (rows.length === 0) return null;
    return (
      <section key={id} class="card" aria-labelledby={`waivers-${id}`}>
        <header>
          <h2 id={`waivers-${id}`}>{title}</h2>
          {id === 'waiting' && waiting > rows.length && (
            <span class="muted small">{`the oldest ${rows.length} of ${number(waiting)}`}</span>
          )}
        </header>
        <WaiverTable rows={rows} now={now} named caption={title} />
      </section>
    );
  });
}

function Organizations({
  organizations,
  now,
}: {
  organizations: readonly OrganizationSummary[];
  now: string;
}) {
  return (
    <section class="card" aria-labelledby="organizations">
      <header>
        <h2 id="organizations">Organizations</h2>
      </header>
      <table class="stacks organizations">
        <thead>
          <tr>
            <th scope="col">Organization</th>
            <th scope="col" class="number">
              Laptops
            </th>
            {countedStates.map((state) => (
              <th key={state} scope="col" class="number">
                {stateWords[state]}
              </th>
            ))}
            <th scope="col" class="bar-cell">
              <span class="hidden-visually">Shares</span>
            </th>
            <th scope="col" class="number">
              Last report
            </th>
          </tr>
        </thead>
        <tbody>
          {organizations.map(({ id, name, counts, lastReportAt }) => (
            <tr key={id}>
              <th scope="row" class="whole">
                <a href={addresses.organization(id)}>{name}</a>
              </th>
              <td class="number" data-label="Laptops">
                {number(totalOf(counts))}
              </td>
              {countedStates.map((state) => (
                <td
                  key={state}
                  class={counts[state] === 0 ? 'number zero' : 'number'}
                  data-label={stateWords[state]}
                >
                  {counts[state] === 0 ? (
                    0
                  ) : (
                    <a href={`${addresses.organization(id, { state })}#devices`}>{number(counts[state])}</a>
                  )}
                </td>
              ))}
              <td class="bar-cell whole">
                <StateBar title={`Laptops of ${name}`} counts={counts} />
              </td>
              <td class="when number" data-label="Last report">
                {lastReportAt === null ? 'never' : <Ago at={lastReportAt} now={now} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** All clients on one page: what broke, who went silent, how each stands. */
export function TodayPage({
  viewer,
  now,
  since,
  organizations,
  broke,
  brokeTotal,
  silent,
  silentTotal,
  due,
  dueTotal,
  waivers = [],
  waiting = 0,
  numbers = [],
  held = [],
  mayAdd = false,
}: TodayView & {
  readonly waivers?: readonly WaiverRow[];
  /** How many waivers wait for a decision in all; of each organization the oldest are shown. */
  readonly waiting?: number;
  readonly numbers?: readonly NumbersSummary[];
  readonly held?: readonly HeldPolicyView[];
  /** May the viewer make one more organization? */
  readonly mayAdd?: boolean;
}) {
  const day = new Date(now).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  const [only, ...more] = organizations;
  return (
    <Layout title="Today" viewer={viewer} current="today">
      <div class="heading">
        <div>
          <h1>Today</h1>
          <p class="facts">
            <span>{day}</span>
            {organizations.length > 0 && (
              <span>
                {count(totalOf(sum(organizations)), 'laptop')} in{' '}
                {count(organizations.length, 'organization')}
              </span>
            )}
          </p>
        </div>
        {mayAdd && (
          <a class="button quiet" href={addresses.newOrganization}>
            Add an organization
          </a>
        )}
      </div>
      {organizations.length === 0 && numbers.length === 0 && (
        <section class="card">
          <header>
            <h2>No organization yet</h2>
          </header>
          <div class="empty">
            <p>
              An organization is a company whose laptops you look after. Make the first one where the
              collector runs; you choose the policy it is judged by.
            </p>
            <Command text="collector setup" label="the command that makes an organization" />
          </div>
        </section>
      )}
      <HeldPolicies held={held} viewer={viewer} />
      {organizations.length > 0 && (
        <>
          {totalOf(sum(organizations)) + sum(organizations)['on-leave'] === 0 ? (
            <section class="card" aria-labelledby="first">
              <header>
                <h2 id="first">No laptop reports yet</h2>
              </header>
              <div class="empty">
                <EnrollSteps name={organizations[0]?.name ?? ''} />
              </div>
            </section>
          ) : (
            <>
              <StateTiles
                counts={sum(organizations)}
                address={(state) =>
                  only === undefined || more.length > 0
                    ? '#organizations'
                    : `${addresses.organization(only.id, { state })}#devices`
                }
              />
              <div class="columns wide-left">
                <Broke broke={broke} total={brokeTotal} since={since} now={now} />
                <WentSilent silent={silent} total={silentTotal} now={now} />
              </div>
            </>
          )}
          {due.length > 0 && (
            <DueRecords due={due} total={dueTotal} now={now} manyOrganizations={more.length > 0} />
          )}
          <DueWaivers waivers={waivers} waiting={waiting} now={now} />
          <Organizations organizations={organizations} now={now} />
        </>
      )}
      {numbers.map((summary) => (
        <NumbersCard key={summary.organization.id} summary={summary} link />
      ))}
    </Layout>
  );
}
