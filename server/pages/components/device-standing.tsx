import { addresses } from '../addresses.ts';
import type { DeviceView } from '../model.ts';
import { PostForm } from './form.tsx';

const owners: readonly (readonly [value: DeviceView['owner'], words: string])[] = [
  ['company', 'The company’s'],
  ['contractor', 'A contractor’s'],
  ['personal', 'Somebody’s own'],
  ['not-declared', 'Nobody has said'],
];

/** Whose laptop it is, that nobody expects to hear from it, or that it has left for good. */
export function DeviceStanding({ view }: { view: DeviceView }) {
  const { viewer, organization, device, now } = view;
  const away = view.leaveUntil !== null;
  const day = (days: number) => new Date(Date.parse(now) + days * 86_400_000).toISOString().slice(0, 10);
  return (
    <details class="card standing">
      <summary>Whose it is, on leave, or gone for good</summary>
      <div class="body">
        <PostForm action={addresses.deviceOwner(organization.id, device.id)} csrf={viewer.csrf}>
          <p>
            A contractor’s laptop comes under these rules by an agreement: write down its reference, not the
            contractor’s name.
          </p>
          <div class="row">
            <label for="owner">Whose laptop it is</label>
            <select id="owner" name="owner">
              {owners.map(([value, words]) => (
                <option value={value} selected={value === view.owner}>
                  {words}
                </option>
              ))}
            </select>
            <label for="agreement">Agreement, for a contractor’s</label>
            <input id="agreement" name="agreement" type="text" maxlength={120} value={view.agreement} />
            <button type="submit" class="button quiet">
              Record
            </button>
          </div>
        </PostForm>
        <PostForm action={addresses.deviceLeave(organization.id, device.id)} csrf={viewer.csrf}>
          <p>
            A laptop on leave is not counted and nobody is alerted, until the day you name. It goes on
            reporting if it is used.
          </p>
          <div class="row">
            <label for="until">On leave until</label>
            <input
              id="until"
              name="until"
              // Preact's types tell inputs apart by a literal type.
              type={'date' as 'text'}
              min={day(1)}
              max={day(366)}
              value={view.leaveUntil?.slice(0, 10) ?? day(14)}
              required
            />
            <button type="submit" class="button quiet">
              {away ? 'Change the day' : 'Put on leave'}
            </button>
          </div>
        </PostForm>
        {away && (
          <PostForm action={addresses.deviceLeave(organization.id, device.id)} csrf={viewer.csrf}>
            <input type="hidden" name="until" value="" />
            <button type="submit" class="button quiet">
              It is back
            </button>
          </PostForm>
        )}
        <PostForm action={addresses.deviceRetire(organization.id, device.id)} csrf={viewer.csrf}>
          <p>
            A retired laptop is out of the fleet: nothing it sends is accepted any more. What it reported
            stays as evidence until its retention is over. It comes back only by enrolling again.
          </p>
          <div class="row">
            <label for="label">To retire it, write its name ({device.label})</label>
            <input id="label" name="label" type="text" autocomplete="off" spellcheck={false} required />
            <button type="submit" class="button quiet">
              Retire
            </button>
          </div>
        </PostForm>
      </div>
    </details>
  );
}
