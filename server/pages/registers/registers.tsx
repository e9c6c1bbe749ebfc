import { addresses } from '../addresses.ts';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { number } from '../words.ts';
import { registerAddresses } from './addresses.ts';
import { Due } from './due.tsx';

export interface RegisterRow {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly records: number;
  readonly open: number;
  readonly overdue: number;
  readonly nextDueAt: string | null;
}

export interface DueRow {
  readonly register: string;
  readonly registerTitle: string;
  readonly id: string;
  readonly reference: string;
  readonly title: string;
  readonly due: string;
  readonly dueAt: string;
}

export interface RegistersView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  /** Those with something overdue first. */
  readonly registers: readonly RegisterRow[];
  /** What is overdue or due soon, the longest overdue first. */
  readonly due: readonly DueRow[];
}

function WhatIsDue({ organization, due, now }: RegistersView) {
  return (
    <section class="card" aria-labelledby="due">
      <header>
        <h2 id="due">Overdue and due within a week</h2>
      </header>
      {due.length === 0 ? (
        <p class="calm">
          <Icon name="compliant" />
          Nothing is overdue, and nothing falls due within a week.
        </p>
      ) : (
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">What is to be done</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {due.map((row) => (
              <tr key={row.id}>
                <th scope="row" class="whole">
                  <a href={registerAddresses.record(organization.id, row.register, row.id)}>
                    {row.reference} {row.title}
                  </a>
                  <span class="under">{row.registerTitle}</span>
                </th>
                <td>{row.due}</td>
                <td class="when">
                  <Due at={row.dueAt} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Every register of an organization, and what is overdue in them. */
export function RegistersPage(view: RegistersView) {
  const { viewer, now, organization, registers } = view;
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
      <WhatIsDue {...view} />
      <section class="card" aria-labelledby="all">
        <header>
          <h2 id="all">All registers</h2>
        </header>
        <table class="stacks registers">
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
