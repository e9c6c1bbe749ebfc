import { dayWords } from '../words.ts';
import { Icon } from './icon.tsx';

/** Says that the page is about a day of the past, and leads back. */
export function PastBar({
  date,
  present,
  children,
}: {
  date: string;
  /** The address of the same page as it is now. */
  present: string;
  children?: string;
}) {
  return (
    <p class="notice past" role="status">
      <Icon name="silent" />
      <span>
        <strong>As it was when {dayWords(date)} ended (UTC)</strong>, by the policy and with the waivers in
        force that day. {children}
      </span>
      <a class="button quiet" href={present}>
        Back to today
      </a>
    </p>
  );
}

/** Asks for a day to look back at; the rest of the address stays as it is. */
export function LookBack({
  action,
  date,
  now,
  keep = {},
}: {
  action: string;
  date: string | null;
  now: string;
  /** What else the address says. */
  keep?: Readonly<Record<string, string>>;
}) {
  const yesterday = new Date(Date.parse(now) - 86_400_000).toISOString().slice(0, 10);
  return (
    <form class="look-back" method="get" action={action}>
      {Object.entries(keep).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label for="asOf">As of</label>
      <input
        id="asOf"
        name="asOf"
        // Preact's types tell inputs apart by a literal type.
        type={'date' as 'text'}
        max={yesterday}
        value={date ?? yesterday}
        required
      />
      <button type="submit" class="button quiet">
        Look back
      </button>
    </form>
  );
}
