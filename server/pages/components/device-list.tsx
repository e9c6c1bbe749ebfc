import { addresses, pageSize } from '../addresses.ts';
import {
  countedStates,
  type DeviceQuery,
  type DeviceRow,
  type DeviceSort,
  type OrganizationView,
} from '../model.ts';
import { foundWords, number, stateWords, toneOf } from '../words.ts';
import { DeviceName, totalOf } from './fleet.tsx';
import { Icon } from './icon.tsx';
import { ListPages } from './pages.tsx';
import { Toned } from './status.tsx';
import { SystemSelect } from './system-select.tsx';
import { Ago } from './time.tsx';

const orders: readonly { value: string; words: string }[] = [
  { value: 'state', words: 'Worst first' },
  { value: 'device', words: 'By laptop' },
  { value: 'system', words: 'By system' },
  { value: 'report', words: 'Longest without a report first' },
  { value: '-report', words: 'Newest report first' },
];

/** Replaces the list instead of the page, where scripts run; the address follows. */
const swap = {
  'data-hx-target': '#devices',
  'data-hx-select': '#devices',
  'data-hx-swap': 'outerHTML',
  'data-hx-push-url': 'true',
} as const;

function StateTabs({ view }: { view: OrganizationView }) {
  const { organization, query, counts } = view;
  const link = (state: DeviceQuery['state']) =>
    addresses.organization(organization.id, { ...query, state, page: 1 });
  // What does not count is only offered where there is some.
  const apart = [
    { state: 'on-leave' as const, amount: counts['on-leave'] },
    { state: 'retired' as const, amount: view.retired },
  ].filter(({ state, amount }) => amount > 0 || query.state === state);
  const tabs = [...countedStates.map((state) => ({ state, amount: counts[state] })), ...apart];
  // How many of what is searched for stand how, nobody has counted: a number beside a list it does not belong to would mislead.
  const narrowed = query.search !== '' || query.platform !== null || query.check !== null;
  const amountOf = (amount: number) => !narrowed && <span class="count">{number(amount)}</span>;
  return (
    <nav id="states" aria-label="Laptops by state">
      <ul class="tabs">
        <li>
          <a href={`${link(null)}#devices`} aria-current={query.state === null ? 'true' : undefined}>
            All {amountOf(totalOf(counts) + counts['on-leave'])}
          </a>
        </li>
        {tabs.map(({ state, amount }) => (
          <li key={state}>
            <a href={`${link(state)}#devices`} aria-current={query.state === state ? 'true' : undefined}>
              {stateWords[state]} {amountOf(amount)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Controls({ view }: { view: OrganizationView }) {
  const { organization, query, checks } = view;
  const order = `${query.descending ? '-' : ''}${query.sort}`;
  const address = addresses.organization(organization.id);
  return (
    <form
      class="controls"
      method="get"
      action={`${address}#devices`}
      data-hx-get={address}
      data-hx-trigger="submit, change, input changed delay:250ms from:'#search'"
      data-hx-target="#found"
      data-hx-select="#found"
      data-hx-select-oob="#states,#found-count:innerHTML"
      data-hx-swap="outerHTML"
      data-hx-push-url="true"
      aria-label="Find laptops"
    >
      {query.state !== null && <input type="hidden" name="state" value={query.state} />}
      {query.asOf !== null && <input type="hidden" name="asOf" value={query.asOf} />}
      <div class="search">
        <label class="hidden-visually" for="search">
          Search by laptop, asset tag or system
        </label>
        <input
          id="search"
          name="search"
          type="search"
          value={query.search}
          placeholder="Laptop, asset tag or system"
          autocomplete="off"
          spellcheck={false}
        />
      </div>
      <SystemSelect chosen={query.platform} all="Every system" />
      <div>
        <label class="hidden-visually" for="check">
          Check that is not passed
        </label>
        <select id="check" name="check">
          <option value="" selected={query.check === null}>
            Whatever the check
          </option>
          {checks.map(({ check, title }) => (
            <option key={check} value={check} selected={query.check === check}>
              Does not pass: {title}
            </option>
          ))}
        </select>
      </div>
      <div class="order">
        <label class="hidden-visually" for="sort">
          Order
        </label>
        <select id="sort" name="sort">
          {orders.map(({ value, words }) => (
            <option key={value} value={value} selected={value === order}>
              {words}
            </option>
          ))}
          {!orders.some(({ value }) => value === order) && (
            <option value={order} selected>
              As chosen in the table
            </option>
          )}
        </select>
      </div>
      <noscript>
        <button type="submit" class="button quiet">
          Search
        </button>
      </noscript>
    </form>
  );
}

function SortHeader({
  view,
  sort,
  number: right,
  children,
}: {
  view: OrganizationView;
  sort: DeviceSort;
  number?: boolean;
  children: string;
}) {
  const { organization, query } = view;
  const active = query.sort === sort;
  const descending = active && !query.descending;
  const address = addresses.organization(organization.id, { ...query, sort, descending, page: 1 });
  const direction = query.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={right ? 'number' : undefined} aria-sort={active ? direction : undefined}>
      <a id={`sort-by-${sort}`} class="sort" href={`${address}#devices`} data-hx-get={address} {...swap}>
        {children}
        {active && <Icon name={query.descending ? 'down' : 'up'} />}
      </a>
    </th>
  );
}

/** At most four by name, the rest as a number: a row stays a row. */
function names(items: DeviceRow['failing']): string {
  const shown = items.slice(0, items.length === 5 ? 5 : 4).map(({ title }) => title);
  const left = items.length - shown.length;
  return left === 0 ? shown.join(', ') : `${shown.join(', ')} and ${left} more`;
}

function WhatIsWrong({ row }: { row: DeviceRow }) {
  if (row.failing.length === 0 && row.unknown.length === 0) return <span class="muted">Nothing</span>;
  return (
    <span class="wrong">
      {row.failing.length > 0 && <span>{names(row.failing)}</span>}
      {row.unknown.length > 0 && <span class="muted">Not told: {names(row.unknown)}</span>}
    </span>
  );
}

function Rows({ view }: { view: OrganizationView }) {
  return (
    <tbody>
      {view.devices.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <DeviceName organization={view.organization.id} device={row} asOf={view.query.asOf} />
          </th>
          <td class="right">
            <Toned tone={toneOf(row.state)}>{stateWords[row.state]}</Toned>
          </td>
          <td class="whole">
            <WhatIsWrong row={row} />
          </td>
          <td>{row.system}</td>
          <td class="when number right">
            {row.lastReportAt === null ? 'never' : <Ago at={row.lastReportAt} now={view.now} />}
          </td>
        </tr>
      ))}
    </tbody>
  );
}

function Pages({ view }: { view: OrganizationView }) {
  const { organization, query, found, devices } = view;
  const link = (page: number, words: string) => {
    const address = addresses.organization(organization.id, { ...query, page });
    const id = page < query.page ? 'page-before' : 'page-after';
    return (
      <a id={id} class="button quiet" href={`${address}#devices`} data-hx-get={address} {...swap}>
        {words}
      </a>
    );
  };
  return <ListPages page={query.page} size={pageSize} shown={devices.length} found={found} link={link} />;
}

/** The laptops of an organization: searched, filtered, sorted and paged, all of it in the address. */
export function DeviceList({ view }: { view: OrganizationView }) {
  const { organization, query, devices, found } = view;
  return (
    <section class="card" id="devices" aria-labelledby="devices-heading">
      <header>
        <h2 id="devices-heading">Laptops</h2>
      </header>
      <StateTabs view={view} />
      <Controls view={view} />
      <p id="found-count" class="hidden-visually" role="status">
        {found === 1 ? '1 laptop found' : `${foundWords(found)} laptops found`}
      </p>
      <div id="found">
        {devices.length === 0 ? (
          <p class="calm">
            <span>
              No laptop matches.{' '}
              <a href={`${addresses.organization(organization.id, { asOf: query.asOf })}#devices`}>
                Show all of them
              </a>
            </span>
          </p>
        ) : (
          <>
            <table class="stacks">
              <thead>
                <tr>
                  <SortHeader view={view} sort="device">
                    Laptop
                  </SortHeader>
                  <SortHeader view={view} sort="state">
                    State
                  </SortHeader>
                  <th scope="col">What is wrong</th>
                  <SortHeader view={view} sort="system">
                    System
                  </SortHeader>
                  <SortHeader view={view} sort="report" number>
                    Last report
                  </SortHeader>
                </tr>
              </thead>
              <Rows view={view} />
            </table>
            <Pages view={view} />
          </>
        )}
      </div>
    </section>
  );
}
