import { Toned } from '../components/status.tsx';
import { Moment } from '../components/time.tsx';
import { Due } from './due.tsx';

/** Something of a record that is due on a day, or was. */
export interface ShownClock {
  readonly title: string;
  readonly rule: string;
  readonly source: string;
  readonly dueAt: string;
  readonly metAt: string | null;
  readonly standing: 'running' | 'late' | 'met' | 'met-late' | 'paused';
}

const standings = {
  running: { tone: 'attention', words: '' },
  late: { tone: 'failing', words: '' },
  met: { tone: 'compliant', words: 'done in time' },
  'met-late': { tone: 'failing', words: 'done too late' },
  paused: { tone: 'silent', words: 'stands still' },
} as const;

/** What is due of a record, and by which rule. */
export function Clocks({ clocks, now }: { clocks: readonly ShownClock[]; now: string }) {
  if (clocks.length === 0) return null;
  return (
    <section class="card" aria-labelledby="clocks">
      <header>
        <h2 id="clocks">Due</h2>
      </header>
      <ul class="clocks body">
        {clocks.map((clock) => (
          <li key={clock.title}>
            <h3>{clock.title}</h3>
            <p>
              {clock.standing === 'running' || clock.standing === 'late' ? (
                <Due at={clock.dueAt} now={now} pill />
              ) : (
                <Toned tone={standings[clock.standing].tone} pill>
                  {standings[clock.standing].words}
                </Toned>
              )}
            </p>
            <p class="small">
              {clock.standing === 'paused' ? 'It would be due' : 'Due'} <Moment at={clock.dueAt} />
              {clock.metAt !== null && (
                <>
                  , done <Moment at={clock.metAt} />
                </>
              )}
            </p>
            <p class="small muted">
              {clock.rule} <span class="source">{clock.source}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
