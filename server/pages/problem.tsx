import { addresses } from './addresses.ts';
import { Alone } from './components/layout.tsx';

/** Nothing is there, or nothing that this person may see: the page does not tell which. */
export function NotFoundPage() {
  return (
    <Alone title="Not found">
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped, the laptop or organization may have been removed, or it may belong to
        someone else. Start again from <a href={addresses.today}>Today</a>.
      </p>
    </Alone>
  );
}

/** Something broke on our side. `reference` finds it in the collector's log; nothing else is told. */
export function FaultPage({ reference }: { reference: string }) {
  return (
    <Alone title="Something went wrong">
      <h1>Something went wrong here</h1>
      <p>
        It is not your doing, and nothing was lost. Try again in a moment. If it stays so, whoever runs the
        collector finds the cause in its log under this reference:
      </p>
      <p>
        <code>{reference}</code>
      </p>
      <p>
        <a href={addresses.today}>Back to Today</a>
      </p>
    </Alone>
  );
}

/** What was asked cannot be done as it was asked: a form too old, a request from another site, too many tries. */
export function RefusedPage({ title, advice }: { title: string; advice: string }) {
  return (
    <Alone title={title}>
      <h1>{title}</h1>
      <p>{advice}</p>
      <p>
        <a href={addresses.today}>Back to Today</a>
      </p>
    </Alone>
  );
}
