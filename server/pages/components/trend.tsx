import { addresses } from '../addresses.ts';
import { countedStates, type DeviceState, type TrendView } from '../model.ts';
import { dayWords, number, percent, stateWords } from '../words.ts';
import { totalOf } from './fleet.tsx';
import { Toned } from './status.tsx';

/** What needs a person stands at the bottom, where lengths compare best. */
const stacked: readonly DeviceState[] = countedStates;

const place = (date: string): number => Date.parse(date) / 86_400_000;

/** The next round number above, of which the half is a whole number too: both stand at the side. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const tops = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((step) => Math.round(step * power));
  return tops.find((top) => top >= value && top % 2 === 0) ?? 10 * power;
}

/** Day by day how many laptops stood where, one above the other, with each new version of the policy marked. */
export function Trend({ name, trend }: { name: string; trend: TrendView }) {
  const { days, policies } = trend;
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined || days.length < 2) {
    return <p class="calm">A line takes two days on record; a day is counted when it ends.</p>;
  }
  const top = roundUp(Math.max(...days.map(({ counts }) => totalOf(counts))));
  const width = place(last.date) - place(first.date);
  const x = (date: string) => (place(date) - place(first.date)) / width;
  const share = ({ counts }: TrendView['days'][number]) => percent(counts.compliant, totalOf(counts));
  const label = `Laptops of ${name} from ${dayWords(first.date)} to ${dayWords(last.date)}: compliant were ${share(first)} at first and ${share(last)} at last. The table below says each week.`;
  return (
    <figure class="trend">
      <svg class="plot" role="img" aria-label={label}>
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%" aria-hidden="true">
          {stacked.map((state, index) => {
            const under = stacked.slice(0, index);
            const below = ({ counts }: TrendView['days'][number]) =>
              under.reduce((sum, one) => sum + counts[one], 0);
            const point = (date: string, amount: number) =>
              `${(x(date) * 1000).toFixed(1)},${(1000 - (amount / top) * 1000).toFixed(1)}`;
            const upper = days.map((day) => point(day.date, below(day) + day.counts[state]));
            const lower = days.toReversed().map((day) => point(day.date, below(day)));
            return <polygon key={state} class={`fill-${state}`} points={[...upper, ...lower].join(' ')} />;
          })}
        </svg>
        {[0, 0.5].map((part) => (
          <g key={part}>
            <line class="grid" x1="0" x2="100%" y1={`${part * 100}%`} y2={`${part * 100}%`} />
            <text class="scale" x="4" y={`${part * 100}%`} dy="14">
              {number(top * (1 - part))}
            </text>
          </g>
        ))}
        {policies.map(({ date, version }) => {
          const at = x(date) * 100;
          return (
            <g key={version}>
              <line class="mark" x1={`${at}%`} x2={`${at}%`} y1="0" y2="100%" />
              <text
                class="mark-text"
                x={`${at}%`}
                y="0"
                dy="14"
                dx={at > 80 ? -6 : 6}
                text-anchor={at > 80 ? 'end' : 'start'}
              >
                policy {version}
              </text>
            </g>
          );
        })}
      </svg>
      <div class="axis" aria-hidden="true">
        <span>{dayWords(first.date)}</span>
        <span>{dayWords(last.date)}</span>
      </div>
      <ul class="keys">
        {stacked.toReversed().map((state) => (
          <li key={state}>
            <Toned tone={state}>{stateWords[state]}</Toned>
          </li>
        ))}
      </ul>
      <details class="more">
        <summary>The same as a table</summary>
        <section class="wide-table" aria-label="Day by day, as a table" tabindex={0}>
          <TrendTable trend={trend} />
        </section>
      </details>
    </figure>
  );
}

/** Every seventh day, the last one, and each change of the policy. */
function TrendTable({ trend: { days, policies } }: { trend: TrendView }) {
  const changed = (date: string) => policies.filter((policy) => policy.date === date);
  const shown = days.filter(
    ({ date }, index) => (days.length - 1 - index) % 7 === 0 || changed(date).length > 0,
  );
  return (
    <table class="tallies">
      <thead>
        <tr>
          <th scope="col">Day</th>
          {stacked.map((state) => (
            <th key={state} scope="col" class="number">
              {stateWords[state]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map(({ date, counts }) => (
          <tr key={date}>
            <th scope="row">
              {dayWords(date)}
              {changed(date).map(({ version }) => (
                <span key={version} class="under">
                  policy version {version} in force
                </span>
              ))}
            </th>
            {stacked.map((state) => (
              <td key={state} class={counts[state] === 0 ? 'number zero' : 'number'}>
                {number(counts[state])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The trend as a part of a page. */
export function TrendCard({
  organization,
  trend,
  more,
}: {
  organization: { readonly id: string; readonly name: string };
  trend: TrendView;
  /** Leads on to the page about what was. */
  more: boolean;
}) {
  return (
    <section class="card" aria-labelledby="trend">
      <header>
        <h2 id="trend">Day by day</h2>
        {more ? (
          <a class="small" href={addresses.history(organization.id)}>
            More about what was
          </a>
        ) : (
          <span class="muted small">how many laptops stood where when each day ended (UTC)</span>
        )}
      </header>
      <div class="body">
        <Trend name={organization.name} trend={trend} />
      </div>
    </section>
  );
}
