import { Icon } from '../components/icon.tsx';
import type { DueRecord } from '../model.ts';
import { number } from '../words.ts';
import { registerAddresses } from './addresses.ts';
import { Due } from './due.tsx';

/** What is overdue or due within a week, the longest overdue first. */
export function DueRecords({
  due,
  total,
  now,
  manyOrganizations,
}: {
  due: readonly DueRecord[];
  /** In all, where not all of them are shown. */
  total: number;
  now: string;
  manyOrganizations: boolean;
}) {
  return (
    <section class="card" aria-labelledby="due">
      <header>
        <h2 id="due">Overdue and due within a week</h2>
        {total > due.length && (
          <span class="muted small">{`the first ${due.length} of ${number(total)}`}</span>
        )}
      </header>
      {due.length === 0 ? (
        <p class="calm">
          <Icon name="compliant" />
          Nothing in the registers is overdue, and nothing falls due within a week.
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
                  <a href={registerAddresses.record(row.organization.id, row.register, row.id)}>
                    {row.reference} {row.title}
                  </a>
                  <span class="under">
                    {manyOrganizations ? `${row.registerTitle}, ${row.organization.name}` : row.registerTitle}
                  </span>
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
