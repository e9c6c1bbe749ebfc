import type { PointShift } from '../review/what-if.ts';
import { addresses, pageSize } from './addresses.ts';
import { DraftFrame, type DraftFrameView } from './components/draft-frame.tsx';
import { DeviceName } from './components/fleet.tsx';
import { Icon } from './components/icon.tsx';
import { ListPages } from './components/pages.tsx';
import { StateBadge } from './components/status.tsx';
import { Moment } from './components/time.tsx';
import type { DeviceLink, DeviceState } from './model.ts';
import type { WhatIfQuery } from './what-if-query.ts';
import { number, percent } from './words.ts';

export interface WhatIfPoint {
  /** `screen-lock/idle`. */
  readonly subject: string;
  readonly checkTitle: string;
  readonly pointTitle: string;
  readonly counts: Readonly<Record<PointShift, number>>;
}

export interface WhatIfDevice extends DeviceLink {
  readonly system: string;
  readonly from: DeviceState;
  readonly to: DeviceState;
  readonly points: readonly {
    readonly subject: string;
    readonly title: string;
    readonly kind: PointShift;
  }[];
}

export interface WhatIfView extends DraftFrameView {
  /** How many settings the draft changes. */
  readonly changes: number;
  readonly at: string;
  readonly devices: number;
  readonly judged: number;
  readonly state: 'running' | 'finished' | 'failed';
  /** Laptops that would count otherwise, and those of them whose state would change. */
  readonly shifted: number;
  readonly states: readonly {
    readonly from: DeviceState;
    readonly to: DeviceState;
    readonly devices: number;
  }[];
  readonly points: readonly WhatIfPoint[];
  readonly query: WhatIfQuery;
  /** The page of laptops the query asks for. */
  readonly rows: readonly WhatIfDevice[];
  readonly found: number;
}

const kindWords: Record<PointShift, string> = {
  fails: 'Newly fails',
  fixed: 'No longer fails',
  unknown: 'Newly not told',
};

function Running({ view }: { view: WhatIfView }) {
  const address = addresses.policyWhatIf(view.organization.id, view.query);
  return (
    <p
      class="notice calm-notice"
      role="status"
      data-hx-get={address}
      data-hx-trigger="load delay:400ms"
      data-hx-select="#what-if"
      data-hx-target="#what-if"
      data-hx-swap="outerHTML"
    >
      <Icon name="silent" />
      <span>
        The laptops are being judged by the draft: {number(view.judged)} of {number(view.devices)} (
        {percent(view.judged, view.devices)}). <a href={address}>Look again</a>
      </span>
    </p>
  );
}

/** Where a laptop stands, and where the draft would put it. */
function FromTo({ from, to }: { from: DeviceState; to: DeviceState }) {
  return (
    <span class="from-to">
      <StateBadge state={from} />
      {from !== to && (
        <>
          <span class="hidden-visually">would become</span>
          <span aria-hidden="true">→</span>
          <StateBadge state={to} />
        </>
      )}
    </span>
  );
}

function Summary({ view }: { view: WhatIfView }) {
  const changed = view.states.reduce((sum, { devices }) => sum + devices, 0);
  return (
    <section class="card" aria-labelledby="states">
      <header>
        <h2 id="states">
          {changed === 0
            ? 'No laptop would change its state'
            : `${number(changed)} of ${number(view.devices)} laptops would change their state`}
        </h2>
        {view.changes > 0 && (
          <span class="muted small">
            by what they reported up to <Moment at={view.at} />, with the waivers that hold
          </span>
        )}
      </header>
      {view.states.length > 0 && (
        <table class="state-shifts">
          <thead>
            <tr>
              <th scope="col">From, and to</th>
              <th scope="col" class="number">
                Laptops
              </th>
            </tr>
          </thead>
          <tbody>
            {view.states.map(({ from, to, devices }) => (
              <tr key={`${from} ${to}`}>
                <td>
                  <FromTo from={from} to={to} />
                </td>
                <td class="number">{number(devices)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.shifted === 0 && (
        <p class="calm">
          <span>
            {view.changes === 0
              ? 'The draft changes nothing yet.'
              : 'Nothing that counts would come out otherwise on any laptop.'}
          </span>
        </p>
      )}
    </section>
  );
}

function Points({ view }: { view: WhatIfView }) {
  if (view.points.length === 0) return null;
  return (
    <section class="card" aria-labelledby="points">
      <header>
        <h2 id="points">Point by point</h2>
      </header>
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">Point</th>
            {(Object.keys(kindWords) as PointShift[]).map((kind) => (
              <th scope="col" class="number" key={kind}>
                {kindWords[kind]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.points.map(({ subject, checkTitle, pointTitle, counts }) => (
            <tr key={subject}>
              <th scope="row" class="whole">
                {checkTitle}
                <span class="under">{pointTitle}</span>
              </th>
              {(Object.keys(kindWords) as PointShift[]).map((kind) => (
                <td
                  key={kind}
                  class={counts[kind] === 0 ? 'number zero' : 'number'}
                  data-label={`${kindWords[kind]}:`}
                >
                  {counts[kind] === 0 ? (
                    '0'
                  ) : (
                    <a
                      href={`${addresses.policyWhatIf(view.organization.id, { point: subject, kind })}#laptops`}
                      aria-label={`${number(counts[kind])}: ${pointTitle}, ${kindWords[kind].toLowerCase()}`}
                    >
                      {number(counts[kind])}
                    </a>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Laptops({ view }: { view: WhatIfView }) {
  const { organization, query, rows, found, points } = view;
  const chosen = points.find(({ subject }) => subject === query.point);
  const to = (page: number) => `${addresses.policyWhatIf(organization.id, { ...query, page })}#laptops`;
  return (
    <section class="card" id="laptops" aria-labelledby="laptops-heading">
      <header>
        <h2 id="laptops-heading">
          {chosen === undefined ? 'Laptops that would change' : `${chosen.checkTitle}: ${chosen.pointTitle}`}
          {query.kind !== null && `, ${kindWords[query.kind].toLowerCase()}`}
        </h2>
        {(query.point !== null || query.kind !== null) && (
          <a href={`${addresses.policyWhatIf(organization.id)}#laptops`}>Show all of them</a>
        )}
      </header>
      {rows.length === 0 ? (
        <p class="calm">
          <span>None.</span>
        </p>
      ) : (
        <>
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">Laptop</th>
                <th scope="col">State now, and by the draft</th>
                <th scope="col">What changes</th>
                <th scope="col">System</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <DeviceName organization={organization.id} device={row} />
                  </th>
                  <td class="whole">
                    <FromTo from={row.from} to={row.to} />
                  </td>
                  <td class="whole">
                    <ul class="lines">
                      {row.points.map(({ subject, title, kind }) => (
                        <li key={subject}>
                          {title} <span class="tag">{kindWords[kind]}</span>
                        </li>
                      ))}
                    </ul>
                  </td>
                  <td>{row.system}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <ListPages
            page={query.page}
            size={pageSize}
            shown={rows.length}
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

/** What the draft would make of the fleet, before anybody is judged by it. */
export function PolicyWhatIfPage(view: WhatIfView) {
  return (
    <DraftFrame
      view={view}
      title="What the draft would mean"
      step="what-if"
      under
      live={view.state === 'running'}
    >
      <div id="what-if" class="stack">
        {view.state === 'running' && <Running view={view} />}
        {view.state === 'failed' && (
          <p class="notice" role="alert">
            <Icon name="attention" />
            <span>
              The laptops could not be gone through.{' '}
              <a href={addresses.policyWhatIf(view.organization.id)}>Try again</a>
            </span>
          </p>
        )}
        {view.state === 'finished' && (
          <>
            <Summary view={view} />
            <Points view={view} />
            {view.shifted > 0 && <Laptops view={view} />}
            <div class="button-row">
              {view.changes > 0 && (
                <a class="button" href={addresses.policyPublish(view.organization.id)}>
                  Go on to publish
                </a>
              )}
              <a class="button quiet" href={addresses.policyDraft(view.organization.id)}>
                Back to the draft
              </a>
            </div>
          </>
        )}
      </div>
    </DraftFrame>
  );
}
