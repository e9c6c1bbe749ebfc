import { list } from '../../../shared/words.ts';
import { type AuditKind, auditKinds } from '../../audit-actions.ts';
import { addresses } from '../addresses.ts';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Moment } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { number } from '../words.ts';
import { type AuditQuery, auditAddresses } from './addresses.ts';
import type { SentencePart } from './sentence.ts';

export interface AuditEntryView {
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly parts: readonly SentencePart[];
  /** Details the sentence does not tell. */
  readonly rest: readonly string[];
}

export interface AuditView {
  readonly viewer: Viewer;
  readonly organization: OrganizationLink;
  readonly query: AuditQuery;
  readonly entries: readonly AuditEntryView[];
  /** Where the next page begins; null on the last one. */
  readonly older: number | null;
  /** Who can be chosen as the one who did it. */
  readonly actors: readonly { readonly id: string; readonly name: string }[];
  /** What going through the chain came to; null while that is underway for the first time. */
  readonly chain: {
    readonly at: string;
    readonly entries: number;
    readonly brokenAt: number | null;
    readonly head: string | null;
    /** What is not as the log noted it when it was published, decided or written down. */
    readonly altered: readonly { readonly kind: 'policy' | 'waiver' | 'record'; readonly id: string }[];
  } | null;
}

/** What the log can be narrowed to, as people say it. */
export const kindWords: Readonly<Record<AuditKind, string>> = {
  devices: 'Laptops',
  reports: 'Reports',
  policy: 'Policy',
  waivers: 'Waivers',
  registers: 'Registers',
  privacy: 'Privacy',
  people: 'People and access',
  'sign-in': 'Signing in',
  settings: 'Settings',
};

const alteredWords = { policy: 'policy version', waiver: 'waiver', record: 'register record' } as const;

function Chain({ chain }: { chain: AuditView['chain'] }) {
  if (chain === null) {
    return (
      <p class="status none">
        <Icon name="unknown" />
        The chain is being verified; look again in a moment
      </p>
    );
  }
  if (chain.brokenAt !== null) {
    return (
      <p class="notice" role="alert">
        <Icon name="failing" />
        <span>
          Entry {number(chain.brokenAt)} does not follow the one before it: the log was changed from outside.
          Compare with a backup, and treat it as an incident.
        </span>
      </p>
    );
  }
  if (chain.altered.length > 0) {
    return (
      <p class="notice" role="alert">
        <Icon name="failing" />
        <span>
          Not as this log noted it, so changed from outside:{' '}
          {list(chain.altered.slice(0, 5).map(({ kind, id }) => `${alteredWords[kind]} ${id}`))}
          {chain.altered.length > 5 && ` and ${chain.altered.length - 5} more`}. Compare with a backup, and
          treat it as an incident.
        </span>
      </p>
    );
  }
  return (
    <p>
      <span class="status compliant">
        <Icon name="compliant" />
        Verified
      </span>{' '}
      <span class="muted small">
        all {number(chain.entries)} entries of this collector follow one another, <Moment at={chain.at} />.
        The newest is <code title={chain.head ?? ''}>{chain.head?.slice(0, 16)}</code>
      </span>
    </p>
  );
}

function Filters({ view }: { view: AuditView }) {
  const { organization, query, actors } = view;
  return (
    <form method="get" action={auditAddresses.audit(organization.id)} class="filters">
      <div class="field">
        <label for="actor">Who</label>
        <select id="actor" name="actor">
          <option value="">Everybody</option>
          {actors.map(({ id, name }) => (
            <option key={id} value={id} selected={id === query.actor}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="kind">About</label>
        <select id="kind" name="kind">
          <option value="">Everything</option>
          {auditKinds.map((kind) => (
            <option key={kind} value={kind} selected={kind === query.kind}>
              {kindWords[kind]}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="device">Laptop</label>
        <input
          id="device"
          name="device"
          type="text"
          value={query.device}
          placeholder="D-7K3F9Q2M"
          autocomplete="off"
        />
      </div>
      <div class="field">
        <label for="from">From</label>
        <input id="from" name="from" type="date" value={query.from} />
      </div>
      <div class="field">
        <label for="to">To</label>
        <input id="to" name="to" type="date" value={query.to} />
      </div>
      <div class="buttons">
        <button type="submit" class="button quiet">
          Show
        </button>
      </div>
    </form>
  );
}

/** Who did what and who looked at what, as sentences, newest first. */
export function AuditPage(view: AuditView) {
  const { viewer, organization, query, entries, older, chain } = view;
  const narrowed =
    query.actor !== '' ||
    query.kind !== null ||
    query.device !== '' ||
    query.from !== '' ||
    query.to !== '' ||
    query.before !== null;
  return (
    <Layout
      title={`Audit log, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'audit' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>Audit log</h1>
          <p class="facts">
            <span>Every change, and every look at a laptop or a person. Nothing in it can be changed.</span>
          </p>
        </div>
        <a class="button quiet" href={auditAddresses.download(organization.id, query)}>
          Download as CSV
        </a>
      </div>
      <Chain chain={chain} />
      <section class="card" aria-labelledby="entries">
        <header>
          <h2 id="entries">Entries</h2>
          <span class="muted small">newest first</span>
        </header>
        <Filters view={view} />
        {entries.length === 0 ? (
          <div class="empty">
            <p>
              {narrowed
                ? 'Nothing fits. Choose fewer things, or other days.'
                : 'Nothing was done here yet. The first laptop that enrolls will be the first entry.'}
            </p>
            {narrowed && (
              <p>
                <a href={auditAddresses.audit(organization.id)}>Show everything</a>
              </p>
            )}
          </div>
        ) : (
          <table class="stacks">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who did what</th>
                <th scope="col" class="number">
                  Entry
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map(({ number: entry, at, actor, parts, rest }) => (
                <tr key={entry}>
                  <td class="when">
                    <Moment at={at} />
                  </td>
                  <td class="whole">
                    <strong>{actor}</strong>{' '}
                    {parts.map(({ text, address }) =>
                      address === undefined ? (
                        text
                      ) : (
                        <a key={address} class="underlined" href={address}>
                          {text}
                        </a>
                      ),
                    )}
                    {rest.length > 0 && <span class="under">{rest.join(', ')}</span>}
                  </td>
                  <td class="number muted">{number(entry)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {(older !== null || query.before !== null) && (
          <nav class="pager" aria-label="Pages">
            <span>
              {query.before !== null && (
                <a
                  class="button quiet"
                  href={auditAddresses.audit(organization.id, { ...query, before: null })}
                >
                  Newest
                </a>
              )}
            </span>
            <span>
              {older !== null && (
                <a
                  class="button quiet"
                  href={auditAddresses.audit(organization.id, { ...query, before: older })}
                >
                  Older
                </a>
              )}
            </span>
          </nav>
        )}
      </section>
    </Layout>
  );
}
