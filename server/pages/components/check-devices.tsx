import { addresses } from '../addresses.ts';
import type { CheckDeviceRow, CheckView } from '../check-model.ts';
import { type CheckQuery, checkPageSize } from '../check-query.ts';
import { number, sentence } from '../words.ts';
import { DeviceName } from './fleet.tsx';
import { ListPages } from './pages.tsx';
import { Toned } from './status.tsx';
import { SystemSelect } from './system-select.tsx';
import { Lasting } from './time.tsx';
import { WaiverNote } from './waivers.tsx';

const tabWords: Record<CheckQuery['status'], string> = {
  fail: 'Fails',
  unknown: 'Could not be told',
  pass: 'Passes',
  'not-applicable': 'Does not apply',
  fixed: 'Fixed in the last 30 days',
};

const emptyWords: Record<CheckQuery['status'], string> = {
  fail: 'No laptop fails it.',
  unknown: 'Every laptop could tell.',
  pass: 'No laptop passes it yet.',
  'not-applicable': 'It applies to every laptop.',
  fixed: 'Nothing was fixed in the 30 days before.',
};

function Tabs({ view }: { view: CheckView }) {
  const { organization, check, query, fixed } = view;
  const counts = view.points.find(({ point }) => point === query.point)?.counts ?? view.counts;
  const amounts: Record<CheckQuery['status'], number> = { ...counts, fixed };
  return (
    <nav aria-label="Laptops by answer">
      <ul class="tabs">
        {(Object.keys(tabWords) as CheckQuery['status'][]).map((status) => (
          <li key={status}>
            <a
              href={`${addresses.check(organization.id, check.id, { ...query, status, page: 1 })}#laptops`}
              aria-current={status === query.status ? 'true' : undefined}
            >
              {status === 'fixed' && view.past !== null ? 'Fixed in the 30 days before' : tabWords[status]}{' '}
              <span class="count">{number(amounts[status])}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Controls({ view }: { view: CheckView }) {
  const { organization, check, points, query } = view;
  return (
    <form
      class="controls check-controls"
      method="get"
      action={`${addresses.check(organization.id, check.id)}#laptops`}
      aria-label="Narrow the list"
    >
      {query.status !== 'fail' && <input type="hidden" name="status" value={query.status} />}
      {query.asOf !== null && <input type="hidden" name="asOf" value={query.asOf} />}
      <div>
        <label class="hidden-visually" for="point">
          Point
        </label>
        <select id="point" name="point">
          <option value="" selected={query.point === null}>
            Any point
          </option>
          {points.map(({ point, title }) => (
            <option key={point} value={point} selected={query.point === point}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <SystemSelect chosen={query.platform} all="Any system" />
      {query.status !== 'fixed' && (
        <div>
          <label class="hidden-visually" for="sort">
            Order
          </label>
          <select id="sort" name="sort">
            <option value="" selected={!query.newestFirst}>
              Longest standing first
            </option>
            <option value="-since" selected={query.newestFirst}>
              Newest first
            </option>
          </select>
        </div>
      )}
      <button type="submit" class="button quiet">
        Show
      </button>
    </form>
  );
}

function Found({ organization, row, past }: { organization: string; row: CheckDeviceRow; past: boolean }) {
  if (row.found.length === 0) {
    return (
      <span class="muted">
        {past ? 'The report of that day is no longer kept' : 'Not as it was: the next report tells'}
      </span>
    );
  }
  return (
    <ul class="lines">
      {row.found.map(({ point, title, observed, waiver }) => (
        <li key={point}>
          <span class="muted">{title}:</span> {sentence(observed)}
          {waiver !== undefined && <WaiverNote organization={organization} waiver={waiver} />}
        </li>
      ))}
    </ul>
  );
}

/** The laptops that answer a check in one way, and since when. */
export function CheckDevices({ view }: { view: CheckView }) {
  const { organization, check, query, devices, found, now } = view;
  const to = (page: number) => `${addresses.check(organization.id, check.id, { ...query, page })}#laptops`;
  return (
    <section class="card" id="laptops" aria-labelledby="laptops-heading">
      <header>
        <h2 id="laptops-heading">Laptops</h2>
        <span class="muted small">
          {query.status === 'fixed'
            ? 'newest first'
            : query.newestFirst
              ? 'newest first'
              : 'longest standing first'}
        </span>
      </header>
      <Tabs view={view} />
      <Controls view={view} />
      {devices.length === 0 ? (
        <p class="calm">
          <span>
            {query.platform === null ? emptyWords[query.status] : 'No laptop matches.'}{' '}
            {query.platform !== null && (
              <a
                href={`${addresses.check(organization.id, check.id, { ...query, platform: null, page: 1 })}#laptops`}
              >
                Look on every system
              </a>
            )}
          </span>
        </p>
      ) : (
        <>
          <table class="stacks">
            <caption class="hidden-visually">
              {check.title}: {tabWords[query.status].toLowerCase()}
            </caption>
            <thead>
              <tr>
                <th scope="col">Laptop</th>
                <th scope="col">
                  {query.status === 'fixed' ? (view.past === null ? 'Now' : 'Then') : 'Found'}
                </th>
                <th scope="col">System</th>
                <th scope="col" class="number">
                  {query.status === 'fixed' ? 'Fixed' : 'For'}
                </th>
              </tr>
            </thead>
            <tbody>
              {devices.map((row) => (
                <tr key={`${row.id} ${row.since} ${row.found[0]?.point}`}>
                  <th scope="row">
                    <DeviceName organization={organization.id} device={row} asOf={query.asOf} />
                    {row.state === 'silent' && (
                      <span class="under">
                        <Toned tone="silent">Silent; as last reported</Toned>
                      </span>
                    )}
                  </th>
                  <td class="whole">
                    <Found organization={organization.id} row={row} past={view.past !== null} />
                  </td>
                  <td>{row.system}</td>
                  <td class="when number right">
                    <Lasting since={row.since} now={now} />
                    {query.status === 'fixed' && (view.past === null ? ' ago' : ' before')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <ListPages
            page={query.page}
            size={checkPageSize}
            shown={devices.length}
            found={found}
            link={(page, words) => (
              <a class="button quiet" href={to(page)}>
                {words}
              </a>
            )}
          />
        </>
      )}
    </section>
  );
}
