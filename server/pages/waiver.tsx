import type { Status } from '../../shared/check.ts';
import { count } from '../../shared/words.ts';
import { addresses } from './addresses.ts';
import { DeviceName } from './components/fleet.tsx';
import { Icon } from './components/icon.tsx';
import { Crumbs, Layout } from './components/layout.tsx';
import { StatusBadge } from './components/status.tsx';
import { Lasting, Moment } from './components/time.tsx';
import { Decide, Shorten, Withdraw } from './components/waiver-forms.tsx';
import { aboutWords, Scope, stageWords, type WaiverRow } from './components/waivers.tsx';
import type { DeviceLink, Viewer } from './model.ts';

export interface WaiverStep {
  readonly at: string;
  readonly by: string;
  readonly action: 'request' | 'approve' | 'refuse' | 'shorten' | 'withdraw';
  readonly note: string;
  readonly until: string | null;
}

export interface WaiverView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly waiver: WaiverRow & { readonly control: string; readonly startsAt: string | null };
  /** Whoever looks asked for it, and so cannot approve it. */
  readonly own: boolean;
  /** Oldest first. */
  readonly history: readonly WaiverStep[];
  readonly coveredTotal: number;
  /** The first of them. */
  readonly covered: readonly (DeviceLink & { readonly status: Status; readonly since: string })[];
  /** The day proposed as its last, and the latest the policy allows. */
  readonly until: string;
  readonly firstDay: string;
  readonly lastDay: string;
  /** What kept the last step from being done, in words. */
  readonly problem: string | null;
}

const stepWords: Record<WaiverStep['action'], string> = {
  request: 'asked for it',
  approve: 'approved it',
  refuse: 'refused it',
  shorten: 'let it end earlier',
  withdraw: 'withdrew it',
};

const isLive = ({ stage }: WaiverRow) => stage === 'in-force' || stage === 'to-come';

/** One waiver: what it says, what it covers now, what became of it, and what can be done with it. */
export function WaiverPage(view: WaiverView) {
  const { viewer, now, waiver, problem } = view;
  const { organization } = waiver;
  const may = (permission: Viewer['may'][number]) => viewer.may.includes(permission);
  return (
    <Layout
      title={`Waiver of ${aboutWords(waiver)}, ${organization.name}`}
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
          <h1>{aboutWords(waiver)}</h1>
          <p class="facts">
            <span class="tag strong">{stageWords[waiver.stage]}</span>
            <span>
              for <Scope organization={organization.id} scope={waiver.scope} />
            </span>
          </p>
        </div>
      </div>
      {problem !== null && (
        <p class="notice" role="alert">
          <Icon name="failing" />
          <span>{problem}</span>
        </p>
      )}
      <div class="columns wide-left">
        <section class="card" aria-labelledby="says">
          <header>
            <h2 id="says">What it says</h2>
          </header>
          <dl class="body record">
            {waiver.medium !== null && (
              <>
                <dt>Approves</dt>
                <dd>
                  the stick or card <code>{waiver.medium}</code>
                  <span class="under">
                    The laptop made this number. It stands for one volume on this laptop only, and says
                    nothing about it: compare it with what <code>agent --note-media --verbose</code> prints
                    there.
                  </span>
                </dd>
              </>
            )}
            <dt>Reason</dt>
            <dd>{waiver.reason}</dd>
            <dt>Protects instead</dt>
            <dd>{waiver.control === '' ? <span class="muted">nothing named</span> : waiver.control}</dd>
            <dt>Asked for by</dt>
            <dd>
              {waiver.requestedBy}, <Moment at={waiver.requestedAt} />
            </dd>
            {waiver.startsAt !== null && waiver.stage !== 'waiting' && waiver.stage !== 'refused' && (
              <>
                <dt>From</dt>
                <dd>
                  <Moment at={waiver.startsAt} />
                </dd>
              </>
            )}
            {waiver.expiresAt !== null && (
              <>
                <dt>{waiver.stage === 'waiting' ? 'Wished for until' : 'Until'}</dt>
                <dd>
                  <Moment at={waiver.expiresAt} />
                </dd>
              </>
            )}
          </dl>
        </section>
        <div class="stack">
          {waiver.stage === 'waiting' && <Waiting view={view} />}
          {isLive(waiver) && may('waivers.write') && <Shorten view={view} />}
          {(isLive(waiver) || (waiver.stage === 'waiting' && view.own)) && may('waivers.write') && (
            <Withdraw view={view} />
          )}
        </div>
      </div>
      {!(waiver.medium !== null && isLive(waiver)) && <Covered view={view} />}
      <section class="card" aria-labelledby="steps">
        <header>
          <h2 id="steps">What became of it</h2>
        </header>
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {view.history.map((step) => (
              <tr key={`${step.at}/${step.action}`}>
                <td class="when whole">
                  <Moment at={step.at} />
                </td>
                <td class="whole">
                  {step.by} {stepWords[step.action]}
                  {step.until !== null && (
                    <span class="under">
                      until <Moment at={step.until} />
                    </span>
                  )}
                </td>
                <td class="whole muted">{step.note}</td>
              </tr>
            ))}
            {waiver.stage === 'expired' && waiver.endsAt !== null && (
              <tr>
                <td class="when whole">
                  <Moment at={waiver.endsAt} />
                </td>
                <td class="whole">
                  {waiver.medium === null
                    ? 'It expired; what it excused counts again'
                    : 'It expired; the stick is not approved any more'}
                </td>
                <td />
              </tr>
            )}
          </tbody>
        </table>
      </section>
      <p class="muted small">
        As of <Moment at={now} />
      </p>
    </Layout>
  );
}

function Waiting({ view }: { view: WaiverView }) {
  if (view.viewer.may.includes('waivers.approve') && !view.own) return <Decide view={view} />;
  return (
    <section class="card" aria-labelledby="decide">
      <header>
        <h2 id="decide">Waits for a decision</h2>
      </header>
      <p class="calm">
        {view.own
          ? 'You asked for it. Somebody else with the right to approve has to decide.'
          : 'Somebody with the right to approve has to decide.'}
      </p>
    </section>
  );
}

function Covered({ view }: { view: WaiverView }) {
  const { waiver, covered, coveredTotal, now } = view;
  const live = isLive(waiver);
  return (
    <section class="card" aria-labelledby="covers">
      <header>
        <h2 id="covers">{live ? 'What it covers now' : 'Who is in need of it now'}</h2>
        {coveredTotal > 0 && (
          <span class="muted small">
            {coveredTotal > covered.length
              ? `the first ${covered.length} of ${count(coveredTotal, 'laptop')}`
              : count(coveredTotal, 'laptop')}
          </span>
        )}
      </header>
      {covered.length === 0 ? (
        <p class="calm">
          <Icon name="compliant" />
          {live
            ? 'No laptop it is for fails this. It may no longer be needed.'
            : 'No laptop it is for fails this at the moment.'}
        </p>
      ) : (
        <table class="stacks">
          <thead>
            <tr>
              <th scope="col">Laptop</th>
              <th scope="col">True status</th>
              <th scope="col" class="number">
                For
              </th>
            </tr>
          </thead>
          <tbody>
            {covered.map((device) => (
              <tr key={device.id}>
                <td>
                  <DeviceName organization={waiver.organization.id} device={device} />
                </td>
                <td class="right">
                  <StatusBadge status={device.status} />
                </td>
                <td class="when number whole">
                  <Lasting since={device.since} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
