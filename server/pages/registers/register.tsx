import { addresses, pageSize } from '../addresses.ts';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { ListPages } from '../components/pages.tsx';
import { Toned } from '../components/status.tsx';
import { Ago } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import type { Tone } from '../words.ts';
import { type RecordQuery, type RecordSort, registerAddresses } from './addresses.ts';
import { Due } from './due.tsx';

export interface StateView {
  readonly id: string;
  readonly title: string;
  readonly tone: Tone;
}

/** A register as its pages name it. */
export interface RegisterLink {
  readonly id: string;
  readonly title: string;
  readonly noun: string;
}

export interface RecordRow {
  readonly id: string;
  readonly reference: string;
  readonly title: string;
  readonly state: StateView;
  readonly due: string;
  readonly dueAt: string | null;
  readonly updatedAt: string;
}

export interface RegisterView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly register: RegisterLink & {
    readonly purpose: string;
    readonly whenEmpty: string;
    readonly source: string;
    readonly owner: string;
    /** How long records are kept and why, in a sentence. */
    readonly retention: string;
    readonly states: readonly StateView[];
  };
  readonly query: RecordQuery;
  readonly records: readonly RecordRow[];
  /** How many there are in all, whatever the query asks. */
  readonly total: number;
  readonly found: number;
}

function SortHeader({ view, sort, children }: { view: RegisterView; sort: RecordSort; children: string }) {
  const { organization, register, query } = view;
  const active = query.sort === sort;
  const descending = active && !query.descending;
  return (
    <th scope="col" aria-sort={active ? (query.descending ? 'descending' : 'ascending') : undefined}>
      <a
        class="sort"
        href={registerAddresses.register(organization.id, register.id, {
          ...query,
          sort,
          descending,
          page: 1,
        })}
      >
        {children}
        {active && <Icon name={query.descending ? 'down' : 'up'} />}
      </a>
    </th>
  );
}

function Tabs({ view }: { view: RegisterView }) {
  const { organization, register, query } = view;
  const tabs: readonly { readonly id: string | null; readonly title: string }[] = [
    { id: null, title: 'All' },
    { id: 'overdue', title: 'Overdue' },
    { id: 'open', title: 'Open' },
    ...register.states,
  ];
  return (
    <nav aria-label={`${register.title} by state`}>
      <ul class="tabs">
        {tabs.map(({ id, title }) => (
          <li key={id}>
            <a
              href={registerAddresses.register(organization.id, register.id, {
                ...query,
                state: id,
                page: 1,
              })}
              aria-current={query.state === id ? 'true' : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Records({ view }: { view: RegisterView }) {
  const { organization, register, query, records, found, now } = view;
  const to = (page: number, words: string) => (
    <a
      class="button quiet"
      href={registerAddresses.register(organization.id, register.id, { ...query, page })}
    >
      {words}
    </a>
  );
  return (
    <>
      <table class="stacks">
        <thead>
          <tr>
            <SortHeader view={view} sort="reference">
              Number
            </SortHeader>
            <SortHeader view={view} sort="title">
              Record
            </SortHeader>
            <SortHeader view={view} sort="state">
              State
            </SortHeader>
            <SortHeader view={view} sort="due">
              Next
            </SortHeader>
            <SortHeader view={view} sort="updated">
              Changed
            </SortHeader>
          </tr>
        </thead>
        <tbody>
          {records.map((row) => (
            <tr key={row.id}>
              <td class="when">{row.reference}</td>
              <th scope="row" class="whole">
                <a href={registerAddresses.record(organization.id, register.id, row.id)}>
                  {row.title || row.reference}
                </a>
              </th>
              <td>
                <Toned tone={row.state.tone}>{row.state.title}</Toned>
              </td>
              <td class="whole">
                {row.dueAt === null ? (
                  <span class="muted">Nothing</span>
                ) : (
                  <>
                    {row.due}: <Due at={row.dueAt} now={now} />
                  </>
                )}
              </td>
              <td class="when">
                <Ago at={row.updatedAt} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ListPages page={query.page} size={pageSize} shown={records.length} found={found} link={to} />
    </>
  );
}

/** One register: its records, searched, filtered, sorted and paged by the address. */
export function RegisterPage(view: RegisterView) {
  const { viewer, organization, register, query, total, records } = view;
  const mayWrite = viewer.may.includes('registers.write');
  return (
    <Layout
      title={`${register.title} of ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'registers' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Registers', address: registerAddresses.registers(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>{register.title}</h1>
          <p class="prose muted">{register.purpose}</p>
        </div>
        <p class="actions">
          {total > 0 && (
            <a class="button quiet" href={registerAddresses.exported(organization.id, register.id)} download>
              Export as CSV
            </a>
          )}
          {mayWrite && (
            <a class="button" href={registerAddresses.newRecord(organization.id, register.id)}>
              New {register.noun}
            </a>
          )}
        </p>
      </div>
      {total === 0 ? (
        <section class="card" aria-labelledby="records">
          <header>
            <h2 id="records">No {register.noun} yet</h2>
          </header>
          <div class="empty">
            <p>{register.whenEmpty}</p>
            {mayWrite && (
              <p>
                <a class="button" href={registerAddresses.newRecord(organization.id, register.id)}>
                  Write down the first {register.noun}
                </a>
              </p>
            )}
          </div>
        </section>
      ) : (
        <section class="card" aria-labelledby="records">
          <header>
            <h2 id="records">Records</h2>
          </header>
          <Tabs view={view} />
          <search>
            <form class="controls search-only" method="get">
              {query.state !== null && <input type="hidden" name="state" value={query.state} />}
              <div class="search">
                <label class="hidden-visually" for="search">
                  Search in {register.title}
                </label>
                <input id="search" name="search" type="search" value={query.search} placeholder="Search" />
              </div>
              <button type="submit" class="button quiet">
                Search
              </button>
            </form>
          </search>
          {records.length === 0 ? (
            <p class="calm">
              <span>
                No record matches.{' '}
                <a href={registerAddresses.register(organization.id, register.id)}>Show all of them</a>
              </span>
            </p>
          ) : (
            <Records view={view} />
          )}
        </section>
      )}
      <p class="prose muted small">
        {register.owner} {register.retention} {register.source}.
      </p>
    </Layout>
  );
}
