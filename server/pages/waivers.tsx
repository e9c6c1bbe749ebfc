import { count } from '../../shared/words.ts';
import { addresses } from './addresses.ts';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { NumberedPages } from './components/pages.tsx';
import { type WaiverRow, WaiverTable } from './components/waivers.tsx';
import type { OrganizationLink, Viewer } from './model.ts';

export interface WaiversView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  /** The longest a waiver may last under the policy. */
  readonly maxDays: number;
  /** Oldest first. */
  readonly waiting: readonly WaiverRow[];
  readonly waitingTotal: number;
  /** Soonest end first. */
  readonly inForce: readonly WaiverRow[];
  /** Newest first. */
  readonly ended: readonly WaiverRow[];
  readonly endedTotal: number;
  /** Of the history, from 1. */
  readonly page: number;
  readonly pages: number;
}

/** What is excused: what waits for a decision, what holds and until when, and what is over. */
export function WaiversPage(view: WaiversView) {
  const { viewer, now, organization, waiting, waitingTotal, inForce, ended, endedTotal } = view;
  return (
    <Layout
      title={`Waivers, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'waivers' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Waivers</h1>
          <p class="facts">
            <span>
              A waiver excuses a point for a time: it keeps its true status and is not counted. It ends by
              itself, after {count(view.maxDays, 'day')} at most.
            </span>
          </p>
        </div>
        {viewer.may.includes('waivers.write') && (
          <a class="button" href={addresses.newWaiver(organization.id)}>
            Ask for a waiver
          </a>
        )}
      </div>
      <section class="card" aria-labelledby="to-decide">
        <header>
          <h2 id="to-decide">To decide</h2>
          {waitingTotal > 0 && (
            <span class="muted small">
              {waitingTotal > waiting.length
                ? `the oldest ${waiting.length} of ${waitingTotal}`
                : 'oldest first'}
            </span>
          )}
        </header>
        {waiting.length === 0 ? (
          <p class="calm">
            <Icon name="compliant" />
            Nobody waits for an answer.
          </p>
        ) : (
          <WaiverTable rows={waiting} now={now} caption="Waivers asked for and not decided" />
        )}
      </section>
      <section class="card" aria-labelledby="in-force">
        <header>
          <h2 id="in-force">In force</h2>
          {inForce.length > 0 && <span class="muted small">soonest end first</span>}
        </header>
        {inForce.length === 0 ? (
          <p class="calm">
            Nothing is excused. Staff ask from their laptop with “agent --request-waiver”; you can ask from
            the page of a laptop, beside what fails there.
          </p>
        ) : (
          <WaiverTable rows={inForce} now={now} caption="Waivers in force" />
        )}
      </section>
      {endedTotal > 0 && (
        <section class="card" aria-labelledby="history">
          <header>
            <h2 id="history">Over</h2>
            <span class="muted small">expired, refused or withdrawn; newest first</span>
          </header>
          <WaiverTable rows={ended} now={now} caption="Waivers that are over" />
          <NumberedPages
            of="waivers that are over"
            page={view.page}
            pages={view.pages}
            address={(page) => addresses.waivers(organization.id, page)}
          />
        </section>
      )}
    </Layout>
  );
}
