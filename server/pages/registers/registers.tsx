import { addresses } from '../addresses.ts';
import { Crumbs, Layout } from '../components/layout.tsx';
import type { DueRecord, OrganizationLink, Viewer } from '../model.ts';
import { number } from '../words.ts';
import { registerAddresses } from './addresses.ts';
import { Due } from './due.tsx';
import { DueRecords } from './due-records.tsx';

export interface RegisterRow {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly records: number;
  readonly open: number;
  readonly overdue: number;
  readonly nextDueAt: string | null;
}

export interface RegistersView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  /** Those with something overdue first. */
  readonly registers: readonly RegisterRow[];
  /** What is overdue or due soon, the longest overdue first. */
  readonly due: readonly DueRecord[];
  readonly dueTotal: number;
}

/** Every register of an organization, and what is overdue in them. */
export function RegistersPage(view: RegistersView) {
  const { viewer, now, organization, registers, due, dueTotal } = view;
  return (
    <Layout
      title={`Registers of ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'registers' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Registers</h1>
          <p class="facts">
            <span>What the law asks to be written down, with what is due next.</span>
          </p>
        </div>
      </div>
      <DueRecords due={due} total={dueTotal} now={now} manyOrganizations={false} />
      <section class="card" aria-labelledby="all">
        <header>
          <h2 id="all">All registers</h2>
        </header>
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Register</th>
              <th scope="col" class="number">
                Records
              </th>
              <th scope="col" class="number">
                Open
              </th>
              <th scope="col" class="number">
                Overdue
              </th>
              <th scope="col">Next</th>
            </tr>
          </thead>
          <tbody>
            {registers.map((row) => (
              <tr key={row.id}>
                <th scope="row" class="whole">
                  <a href={registerAddresses.register(organization.id, row.id)}>{row.title}</a>
                  <span class="under">{row.purpose}</span>
                </th>
                <Count
                  label="Records"
                  value={row.records}
                  address={registerAddresses.register(organization.id, row.id)}
                />
                <Count
                  label="Open"
                  value={row.open}
                  address={registerAddresses.register(organization.id, row.id, { state: 'open' })}
                />
                <Count
                  label="Overdue"
                  value={row.overdue}
                  address={registerAddresses.register(organization.id, row.id, { state: 'overdue' })}
                />
                <td class="when">
                  {row.nextDueAt === null ? (
                    <span class="muted">–</span>
                  ) : (
                    <Due at={row.nextDueAt} now={now} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Layout>
  );
}

function Count({ label, value, address }: { label: string; value: number; address: string }) {
  return (
    <td class={value === 0 ? 'number zero' : 'number'} data-label={label}>
      {value === 0 ? 0 : <a href={address}>{number(value)}</a>}
    </td>
  );
}
