import { addresses } from './addresses.ts';
import { Field } from './components/form.tsx';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { ownerWords, platformWords } from './components/waivers.tsx';
import type { OrganizationLink, Viewer } from './model.ts';
import { calendarDay, sentence } from './words.ts';

/** What was filled in, or proposed. */
export interface WaiverDraft {
  /** `firewall` or `firewall/enabled`. */
  readonly about: string;
  /** `device`, `organization`, `platform:darwin`, `owner:personal`. */
  readonly scope: string;
  /** Pseudonym of the laptop, where it is for one. */
  readonly laptop: string;
  /** The number of the stick to approve; empty where it is about no single one. */
  readonly medium: string;
  readonly reason: string;
  readonly control: string;
  /** `2027-02-12`: the last day. */
  readonly until: string;
}

export interface NewWaiverView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly draft: WaiverDraft;
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly points: readonly { readonly id: string; readonly title: string }[];
  }[];
  readonly firstDay: string;
  readonly lastDay: string;
  readonly maxDays: number;
  /** What keeps it from being sent, in words. */
  readonly problem: string | null;
}

/** Asking for a waiver: what, for whom, why, what is done instead, until when. */
export function NewWaiverPage(view: NewWaiverView) {
  const { viewer, organization, draft, checks, firstDay, lastDay, maxDays, problem } = view;
  const scopes = [
    ['device', 'One laptop'],
    ...Object.entries(platformWords).map(([platform, words]) => [`platform:${platform}`, sentence(words)]),
    ...Object.entries(ownerWords).map(([owner, words]) => [`owner:${owner}`, sentence(words)]),
    ['organization', 'Every laptop of the organization'],
  ] as const;
  return (
    <Layout
      title={`Ask for a waiver, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'waivers' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'Waivers', address: addresses.waivers(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Ask for a waiver</h1>
          <p class="facts">
            <span>Somebody else than you has to approve it before it counts.</span>
          </p>
        </div>
      </div>
      <form class="card form" method="post" action={addresses.waivers(organization.id)}>
        <div class="body">
          <input type="hidden" name="csrf" value={viewer.csrf} />
          {problem !== null && (
            <p class="notice" role="alert">
              <Icon name="failing" />
              <span>{problem}</span>
            </p>
          )}
          <div class="field">
            <label for="about">What is excused</label>
            <select id="about" name="about" required>
              <option value="">Choose a point</option>
              {checks.map(({ id, title, points }) => (
                <optgroup key={id} label={title}>
                  {points.map((point) => (
                    <option
                      key={point.id}
                      value={`${id}/${point.id}`}
                      selected={draft.about === `${id}/${point.id}`}
                    >
                      {title}: {point.title.toLowerCase()}
                    </option>
                  ))}
                  {points.length > 1 && (
                    <option value={id} selected={draft.about === id}>
                      {title}: every point
                    </option>
                  )}
                </optgroup>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="scope">For whom</label>
            <select id="scope" name="scope" required>
              {scopes.map(([value, words]) => (
                <option key={value} value={value} selected={draft.scope === value}>
                  {words}
                </option>
              ))}
            </select>
          </div>
          <Field
            id="laptop"
            label="Which laptop"
            hint="Its pseudonym. Leave it empty for a group of laptops."
            value={draft.laptop}
            required={false}
            maxLength={20}
            placeholder="D-7K3F9Q2M"
          />
          <Field
            id="medium"
            label="Which stick"
            hint={
              <>
                Only to approve a single stick or card, under “Removable media: only approved media in use”:
                the number its laptop gave it, which <code>agent --note-media --verbose</code> prints there.
              </>
            }
            value={draft.medium}
            required={false}
            maxLength={20}
            placeholder="m3fa2b1c8d4e5"
          />
          <div class="field">
            <label for="reason">Why</label>
            <textarea
              id="reason"
              name="reason"
              rows={3}
              minLength={10}
              maxLength={1000}
              required
              aria-describedby="reason-hint"
            >
              {draft.reason}
            </textarea>
            <span class="muted small" id="reason-hint">
              Staff of the laptop and auditors read this. At least ten characters; no names of people.
            </span>
          </div>
          <div class="field">
            <label for="control">What protects instead</label>
            <textarea id="control" name="control" rows={2} maxLength={1000} aria-describedby="control-hint">
              {draft.control}
            </textarea>
            <span class="muted small" id="control-hint">
              The compensating control, if there is one.
            </span>
          </div>
          <Field
            id="until"
            label="Last day"
            type="date"
            hint={`It ends by itself at the end of that day (UTC). The policy allows ${maxDays} days: until ${calendarDay(lastDay)} at the latest.`}
            value={draft.until}
            min={firstDay}
            max={lastDay}
            narrow
          />
          <div class="actions">
            <button type="submit" class="button">
              Ask for it
            </button>
            <a class="button quiet" href={addresses.waivers(organization.id)}>
              Cancel
            </a>
          </div>
        </div>
      </form>
    </Layout>
  );
}
