import type { Sheet } from '../exports/sheet.ts';
import { addresses } from './addresses.ts';
import { Crumbs, Layout } from './components/layout.tsx';
import { SheetParts } from './components/sheet.tsx';
import type { OrganizationLink, Viewer } from './model.ts';
import { sentence } from './words.ts';

/** Something to take away. */
export interface ExportLink {
  readonly id: string;
  readonly title: string;
}

interface PeriodLink {
  readonly id: string;
  readonly words: string;
  readonly over: boolean;
}

export interface ReportsView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly months: readonly PeriodLink[];
  readonly quarters: readonly PeriodLink[];
  readonly periodExports: readonly ExportLink[];
  readonly momentExports: readonly ExportLink[];
}

function Periods({
  view,
  id,
  title,
  periods,
}: {
  view: ReportsView;
  id: string;
  title: string;
  periods: readonly PeriodLink[];
}) {
  const { organization, periodExports } = view;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
      </header>
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th scope="col">Take away</th>
          </tr>
        </thead>
        <tbody>
          {periods.map(({ id: period, words, over }) => (
            <tr key={period}>
              <th scope="row" class="whole">
                <a href={addresses.report(organization.id, period)}>{sentence(words)}</a>
                {!over && <span class="under">not over yet: as of now</span>}
              </th>
              <td class="whole take-away">
                {periodExports.map((one) => (
                  <a
                    key={one.id}
                    href={addresses.periodExport(organization.id, period, one.id)}
                    download
                    aria-label={`${one.title} of ${words}`}
                  >
                    {one.title}
                  </a>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Reports to read, to print and to take away. */
export function ReportsPage(view: ReportsView) {
  const { viewer, now, organization, momentExports } = view;
  const today = now.slice(0, 10);
  return (
    <Layout
      title={`Reports, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'reports' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Reports</h1>
          <p class="facts">
            <span>As of the end of each period, with the policy and the waivers in force then</span>
          </p>
        </div>
      </div>
      <div class="columns">
        <Periods view={view} id="months" title="By month" periods={view.months} />
        <Periods view={view} id="quarters" title="By quarter" periods={view.quarters} />
      </div>
      <section class="card" aria-labelledby="day">
        <header>
          <h2 id="day">As of a day</h2>
        </header>
        <div class="body of-a-day">
          {momentExports.map((one) => (
            <form
              key={one.id}
              class="look-back"
              method="get"
              action={addresses.momentExport(organization.id, one.id)}
            >
              <label for={`${one.id}-day`}>{one.title}, as of</label>
              <input
                id={`${one.id}-day`}
                name="asOf"
                // Preact's types tell inputs apart by a literal type.
                type={'date' as 'text'}
                max={today}
                value={today}
                required
              />
              <button type="submit" class="button quiet">
                Download
              </button>
            </form>
          ))}
        </div>
      </section>
    </Layout>
  );
}

export interface SheetView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly sheet: Sheet;
  /** Where it leads back to. */
  readonly back: { readonly name: string; readonly address: string };
  readonly section: 'reports' | 'overview';
  readonly exports: readonly { readonly title: string; readonly address: string }[];
}

/** A report or a fact sheet to read and to print; printed, it is the paper itself. */
export function SheetPage({ viewer, organization, sheet, back, section, exports }: SheetView) {
  return (
    <Layout title={`${sheet.title}, ${organization.name}`} viewer={viewer} place={{ organization, section }}>
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          back,
        ]}
      />
      <div class="heading">
        <div>
          <h1>{sheet.title}</h1>
          <p class="facts">
            <span>{sheet.subtitle}</span>
          </p>
        </div>
        <p class="take-away">
          {exports.map(({ title, address }) => (
            <a key={title} class="button quiet" href={address} download>
              {title}
            </a>
          ))}
        </p>
      </div>
      <SheetParts sheet={sheet} />
    </Layout>
  );
}
