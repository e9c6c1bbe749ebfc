import { addresses } from '../addresses.ts';
import { calendarDay } from '../words.ts';
import type { WaiverRow } from './waivers.tsx';

/** What the forms of one waiver need to know. */
interface FormView {
  readonly viewer: { readonly csrf: string };
  readonly waiver: WaiverRow;
  readonly until: string;
  readonly firstDay: string;
  readonly lastDay: string;
}

function Hidden({ view }: { view: FormView }) {
  return <input type="hidden" name="csrf" value={view.viewer.csrf} />;
}

function LastDay({ view, id, lastDay }: { view: FormView; id: string; lastDay: string }) {
  return (
    <div class="field">
      <label for={id}>Last day</label>
      <input
        id={id}
        name="until"
        type="date"
        required
        value={view.until}
        min={view.firstDay}
        max={lastDay}
        aria-describedby={`${id}-hint`}
      />
      <span class="muted small" id={`${id}-hint`}>
        To the end of that day (UTC), {calendarDay(lastDay)} at the latest.
      </span>
    </div>
  );
}

function Note({ id, label, required }: { id: string; label: string; required?: boolean }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} name="note" rows={2} maxLength={1000} required={required} />
    </div>
  );
}

/** Approve until a day, or refuse. */
export function Decide({ view }: { view: FormView }) {
  const { organization, id } = view.waiver;
  return (
    <section class="card" aria-labelledby="decide">
      <header>
        <h2 id="decide">Your decision</h2>
      </header>
      <form class="body" method="post" action={addresses.decideWaiver(organization.id, id, 'approve')}>
        <Hidden view={view} />
        <LastDay view={view} id="approve-until" lastDay={view.lastDay} />
        <Note id="approve-note" label="Note (optional)" />
        <div class="actions">
          <button type="submit" class="button">
            Approve
          </button>
        </div>
      </form>
      <details class="more">
        <summary>Refuse it instead</summary>
        <form class="body" method="post" action={addresses.decideWaiver(organization.id, id, 'refuse')}>
          <Hidden view={view} />
          <Note id="refuse-note" label="Why, and what to do instead" required />
          <div class="actions">
            <button type="submit" class="button quiet">
              Refuse
            </button>
          </div>
        </form>
      </details>
    </section>
  );
}

/** Lets it end earlier. */
export function Shorten({ view }: { view: FormView }) {
  const { organization, id } = view.waiver;
  return (
    <section class="card" aria-labelledby="shorten">
      <header>
        <h2 id="shorten">Let it end earlier</h2>
      </header>
      <form class="body" method="post" action={addresses.decideWaiver(organization.id, id, 'shorten')}>
        <Hidden view={view} />
        <LastDay view={view} id="shorten-until" lastDay={view.lastDay} />
        <Note id="shorten-note" label="Note (optional)" />
        <div class="actions">
          <button type="submit" class="button quiet">
            Change the last day
          </button>
        </div>
      </form>
    </section>
  );
}

/** Ends it now, or takes the request back. */
export function Withdraw({ view }: { view: FormView }) {
  const { organization, id, stage } = view.waiver;
  return (
    <section class="card" aria-labelledby="withdraw">
      <header>
        <h2 id="withdraw">{stage === 'waiting' ? 'Take it back' : 'End it now'}</h2>
      </header>
      <form class="body" method="post" action={addresses.decideWaiver(organization.id, id, 'withdraw')}>
        <Hidden view={view} />
        <Note id="withdraw-note" label="Note (optional)" />
        <div class="actions">
          <button type="submit" class="button quiet">
            Withdraw
          </button>
        </div>
      </form>
    </section>
  );
}
