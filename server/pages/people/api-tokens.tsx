import type { Permission } from '../../permissions.ts';
import { addresses } from '../addresses.ts';
import { Command } from '../components/command.tsx';
import { Done, Field, PostForm, Problem } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { Crumbs, Layout } from '../components/layout.tsx';
import { Ago, Moment } from '../components/time.tsx';
import type { OrganizationLink, Viewer } from '../model.ts';
import { permissionWords } from '../words.ts';
import { peopleAddresses } from './addresses.ts';

export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Permission[];
  /** By whom; null where they have no role here any more, and the token can do nothing. */
  readonly madeBy: string | null;
  readonly expiresAt: string;
  readonly usedAt: string | null;
  readonly state: 'good' | 'expired' | 'revoked';
}

export interface ApiTokensView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly organization: OrganizationLink;
  readonly tokens: readonly ApiTokenView[];
  /** What this person could give a token. */
  readonly scopes: readonly Permission[];
  /** The token that was just made: shown once. */
  readonly made?: string | undefined;
  readonly problem?: string | undefined;
  readonly done?: string | undefined;
}

const stateWords = { good: 'Good', expired: 'Expired', revoked: 'Revoked' } as const;

function Tokens({ view }: { view: ApiTokensView }) {
  const { viewer, organization, tokens, now } = view;
  const manages = viewer.may.includes('people.manage');
  return (
    <section class="card" aria-labelledby="tokens">
      <header>
        <h2 id="tokens">Tokens</h2>
      </header>
      {tokens.length === 0 ? (
        <p class="calm">
          <Icon name="none" />
          There is none. A program that reads or writes here needs one.
        </p>
      ) : (
        <ul class="rows">
          {tokens.map(({ id, name, scopes, madeBy, expiresAt, usedAt, state }) => (
            <li key={id}>
              <div>
                <strong>{name}</strong>
                <span class={state === 'good' ? 'tag strong' : 'tag'}>{stateWords[state]}</span>
                <span class="under">{scopes.map((scope) => permissionWords[scope]).join(', ')}</span>
                <span class="under">
                  {madeBy === null ? 'its maker has no role here any more' : `made by ${madeBy}`},{' '}
                  {state === 'expired' ? 'good until ' : 'until '}
                  <Moment at={expiresAt} />, {usedAt === null ? 'never used' : 'last used '}
                  {usedAt !== null && <Ago at={usedAt} now={now} />}
                </span>
              </div>
              {manages && state === 'good' && (
                <PostForm action={peopleAddresses.revokeApiToken(organization.id, id)} csrf={viewer.csrf}>
                  <button type="submit" class="button plain" aria-label={`Revoke ${name}`}>
                    Revoke
                  </button>
                </PostForm>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Make({ view }: { view: ApiTokensView }) {
  const { viewer, organization, scopes } = view;
  return (
    <section class="card" aria-labelledby="make">
      <header>
        <h2 id="make">Make a token</h2>
      </header>
      <div class="body">
        <PostForm action={peopleAddresses.apiTokens(organization.id)} csrf={viewer.csrf} className="narrow">
          <Field
            id="name"
            label="What it is for"
            hint="Nothing personal: it stays in the list."
            maxLength={60}
          />
          <fieldset class="choices">
            <legend>What it may do</legend>
            {scopes.map((scope) => (
              <label key={scope}>
                <input type="checkbox" name="scopes" value={scope} />
                <span>
                  {permissionWords[scope]} <code>{scope}</code>
                </span>
              </label>
            ))}
          </fieldset>
          <div class="field">
            <label for="days">Good for</label>
            <select id="days" name="days">
              {[7, 30, 90, 365].map((days) => (
                <option key={days} value={days} selected={days === 90}>
                  {days} days
                </option>
              ))}
            </select>
          </div>
          <div class="buttons">
            <button type="submit" class="button">
              Make the token
            </button>
          </div>
        </PostForm>
      </div>
    </section>
  );
}

/** Tokens by which programs use the API of one organization. */
export function ApiTokensPage(view: ApiTokensView) {
  const { viewer, organization, made } = view;
  return (
    <Layout
      title={`API tokens, ${organization.name}`}
      viewer={viewer}
      place={{ organization, section: 'people' }}
    >
      <Crumbs
        trail={[
          { name: 'Today', address: addresses.today },
          { name: organization.name, address: addresses.organization(organization.id) },
          { name: 'People & access', address: peopleAddresses.people(organization.id) },
        ]}
      />
      <div class="heading">
        <div>
          <h1>API tokens</h1>
          <p class="facts">
            <span>
              Sent as <code>Authorization: Bearer</code> to addresses under <code>/api/</code>
            </span>
          </p>
        </div>
      </div>
      <div class="account">
        <Problem text={view.problem} />
        <Done text={view.done} />
        {made !== undefined && (
          <section class="card" aria-labelledby="made">
            <header>
              <h2 id="made">The token</h2>
            </header>
            <div class="body stack">
              <p>
                Put it where the program reads it from. It is <strong>not shown again</strong>.
              </p>
              <Command text={made} label="the token" address />
            </div>
          </section>
        )}
        <Tokens view={view} />
        {viewer.may.includes('people.manage') && <Make view={view} />}
      </div>
    </Layout>
  );
}
