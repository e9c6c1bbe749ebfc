import type { PolicyChange } from '../../review/policy-difference.ts';
import { sentence } from '../words.ts';
import { Toned } from './status.tsx';

/** What one policy says otherwise than another, from and to in words. */
export function PolicyChanges({ changes }: { changes: readonly PolicyChange[] }) {
  return (
    <table class="stacks">
      <caption class="hidden-visually">What changes, point by point</caption>
      <thead>
        <tr>
          <th scope="col">Point</th>
          <th scope="col">What</th>
          <th scope="col">From</th>
          <th scope="col">To</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={`${change.check} ${change.point} ${change.what}`}>
            <th scope="row" class="whole">
              {change.checkTitle}
              {change.pointTitle !== '' && <span class="under">{change.pointTitle}</span>}
            </th>
            <td class="whole">{change.what}</td>
            <td class="whole muted" data-label="From:">
              {sentence(change.from)}
            </td>
            <td class="whole" data-label="To:">
              <strong>{sentence(change.to)}</strong>
              {change.looser && (
                <span class="under">
                  <Toned tone="attention">
                    {change.companyText ? 'Asks for less than the company’s own text' : 'Asks for less'}
                  </Toned>
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
