import type { ChangeView } from '../model.ts';
import { sentence, statusTones, statusWords } from '../words.ts';
import { Toned } from './status.tsx';
import { Moment } from './time.tsx';

/** What became of the points of a device, newest first. */
export function Changes({
  changes,
  more,
}: {
  changes: readonly ChangeView[];
  /** Where the rest is, if this is not all. */
  more?: string | undefined;
}) {
  if (changes.length === 0) return null;
  return (
    <section class="card" aria-labelledby="changes">
      <header>
        <h2 id="changes">What changed</h2>
        {more === undefined ? (
          <span class="muted small">newest first</span>
        ) : (
          <a class="small" href={more}>
            Everything that changed
          </a>
        )}
      </header>
      <table class="stacks changes">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Point</th>
            <th scope="col">Before</th>
            <th scope="col">Since then</th>
            <th scope="col">Found</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ at, check, checkTitle, point, pointTitle, before, after, observed, byReport }) => (
            <tr key={`${at}/${check}/${point}`}>
              <td class="when whole">
                <Moment at={at} />
              </td>
              <th scope="row" class="whole">
                {checkTitle}: {pointTitle.toLowerCase()}
              </th>
              <td data-label="Before:">{statusWords[before]}</td>
              <td>
                <Toned tone={statusTones[after]}>{statusWords[after]}</Toned>
              </td>
              <td class="whole muted">
                {sentence(observed)}
                {!byReport && <span class="under">by the passing of time or another policy</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
