import { Moment } from '../components/time.tsx';

/** One thing that happened to a record. */
export interface HistoryEntry {
  readonly version: number;
  readonly at: string;
  readonly who: string;
  readonly what: string;
  readonly changes: readonly {
    readonly title: string;
    readonly before: string;
    readonly after: string;
    readonly hidden: boolean;
  }[];
}

/** Everything that happened to a record, newest first. */
export function History({ entries }: { entries: readonly HistoryEntry[] }) {
  return (
    <section class="card" aria-labelledby="history">
      <header>
        <h2 id="history">History</h2>
      </header>
      <ol class="history body">
        {entries.map((entry) => (
          <li key={entry.version}>
            <p>
              <strong>{entry.what}</strong>{' '}
              <span class="muted">
                {entry.who}, <Moment at={entry.at} />
              </span>
            </p>
            {entry.changes.length > 0 && (
              <details class="small">
                <summary>{entry.changes.length === 1 ? '1 field' : `${entry.changes.length} fields`}</summary>
                <dl class="changes">
                  {entry.changes.map((change) => (
                    <div key={change.title}>
                      <dt>{change.title}</dt>
                      <dd>
                        {change.hidden ? (
                          <span class="muted">changed; what it says about people is not kept here</span>
                        ) : (
                          <>
                            {change.before !== '' && <del>{change.before}</del>}{' '}
                            {change.after !== '' && <ins>{change.after}</ins>}
                          </>
                        )}
                      </dd>
                    </div>
                  ))}
                </dl>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
