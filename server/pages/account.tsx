import { count } from '../../shared/words.ts';
import type { SignInWay } from '../storage/sessions.ts';
import { addresses } from './addresses.ts';
import { Done, Field, PostForm, Problem } from './components/form.tsx';
import { Icon } from './components/icon.tsx';
import { Layout } from './components/layout.tsx';
import { MakePasskey, PasskeyStatus } from './components/passkey-button.tsx';
import { Ago, Moment } from './components/time.tsx';
import type { OrganizationLink, Viewer } from './model.ts';

export interface AccountView {
  readonly viewer: Viewer;
  readonly now: string;
  readonly email: string;
  readonly hasPassword: boolean;
  /** Must be typed again before what protects the account is changed. */
  readonly asksPassword: boolean;
  readonly app: boolean;
  readonly recoveryCodes: number;
  /** Null where passkeys cannot be made under the address this page was opened by. */
  readonly passkeys: readonly { id: string; name: string; madeAt: string; usedAt: string | null }[] | null;
  /** By when a second factor must be set up; null where it need not, or is. */
  readonly secondFactorDueAt: string | null;
  readonly sessions: readonly {
    readonly id: string;
    readonly current: boolean;
    readonly browser: string;
    readonly how: SignInWay;
    readonly beganAt: string;
    readonly seenAt: string;
  }[];
  readonly roles: readonly { readonly organization: OrganizationLink; readonly roles: readonly string[] }[];
  readonly problem?: string | undefined;
  readonly done?: string | undefined;
}

/** How a session began, as its owner reads it. */
export const signInWords: Readonly<Record<SignInWay, string>> = {
  password: 'password',
  'password-and-code': 'password and code from the app',
  'password-and-recovery-code': 'password and recovery code',
  'password-and-passkey': 'password and passkey',
  passkey: 'passkey',
  link: 'one-time link',
  'single-sign-on': 'company account',
};

function CurrentPassword({ view, id }: { view: AccountView; id: string }) {
  if (!view.asksPassword) return null;
  return (
    <div class="field">
      <label for={id}>Your password</label>
      <input id={id} name="current" type="password" autocomplete="current-password" required />
    </div>
  );
}

function Passwords({ view }: { view: AccountView }) {
  return (
    <section class="card" aria-labelledby="password-heading">
      <header>
        <h2 id="password-heading">Password</h2>
      </header>
      <div class="body">
        <p>
          {view.hasPassword
            ? 'You have a password. Changing it signs you out everywhere else.'
            : 'You have no password yet: you came in by a link. Choose one, or add a passkey, to come back without one.'}
        </p>
        <p>
          <a class="button quiet" href={addresses.password}>
            {view.hasPassword ? 'Change the password' : 'Choose a password'}
          </a>
        </p>
      </div>
    </section>
  );
}

function App({ view }: { view: AccountView }) {
  const { csrf } = view.viewer;
  return (
    <section class="card" aria-labelledby="app-heading">
      <header>
        <h2 id="app-heading">Authenticator app</h2>
        {view.app && (
          <span class="status compliant">
            <Icon name="compliant" />
            Set up
          </span>
        )}
      </header>
      <div class="body">
        {view.app ? (
          <>
            <p>
              After your password you are asked for a code from your app.{' '}
              {view.recoveryCodes === 0
                ? 'You have no recovery code left: make new ones now, or a lost phone locks you out.'
                : `You have ${count(view.recoveryCodes, 'recovery code')} left for the day the phone is lost.`}
            </p>
            <details>
              <summary>New recovery codes, or remove the app</summary>
              <div class="columns">
                <PostForm action={addresses.recoveryCodes} csrf={csrf} className="narrow">
                  <CurrentPassword view={view} id="current-for-codes" />
                  <button type="submit" class="button quiet">
                    Make new recovery codes
                  </button>
                </PostForm>
                <PostForm action={addresses.removeSecondFactor} csrf={csrf} className="narrow">
                  <CurrentPassword view={view} id="current-for-app" />
                  <button type="submit" class="button danger">
                    Remove the app
                  </button>
                </PostForm>
              </div>
            </details>
          </>
        ) : (
          <>
            <p>
              A code from your phone besides the password: whoever learns your password still cannot come in.
              Any app for one-time codes will do.
            </p>
            <p>
              <a class="button" href={addresses.secondFactor}>
                Set up an authenticator app
              </a>
            </p>
          </>
        )}
      </div>
    </section>
  );
}

function Passkeys({ view }: { view: AccountView }) {
  const { csrf } = view.viewer;
  return (
    <section class="card" aria-labelledby="passkeys-heading">
      <header>
        <h2 id="passkeys-heading">Passkeys</h2>
      </header>
      {view.passkeys === null ? (
        <p class="empty">
          Passkeys belong to a host name, and this page was opened by an IP address. On the collector’s own
          machine open it as “localhost”; elsewhere give the collector a name.
        </p>
      ) : (
        <>
          {view.passkeys.length > 0 && (
            <ul class="rows">
              {view.passkeys.map(({ id, name, madeAt, usedAt }) => (
                <li key={id}>
                  <div>
                    <strong>{name}</strong>
                    <span class="under">
                      made <Moment at={madeAt} />
                      {usedAt === null ? ', never used' : ', last used '}
                      {usedAt !== null && <Ago at={usedAt} now={view.now} />}
                    </span>
                  </div>
                  <details>
                    <summary aria-label={`Remove ${name}`}>Remove</summary>
                    <PostForm action={addresses.removePasskey(id)} csrf={csrf} className="narrow">
                      <CurrentPassword view={view} id={`current-for-${id}`} />
                      <div class="buttons">
                        <button type="submit" class="button danger">
                          Remove this passkey
                        </button>
                      </div>
                    </PostForm>
                  </details>
                </li>
              ))}
            </ul>
          )}
          <div class="body">
            <p>
              {view.passkeys.length === 0 &&
                'A passkey signs you in by finger, face or PIN, without a password, and cannot be given to a false page.'}
            </p>
            <div class="narrow needs-passkeys" hidden>
              <Field
                id="passkey-name"
                label="Name for a new passkey"
                hint="For example where it is: work laptop, security key."
                required={false}
                maxLength={60}
              />
              <div class="buttons">
                <MakePasskey csrf={csrf} name="passkey-name" />
              </div>
            </div>
            <PasskeyStatus />
          </div>
        </>
      )}
    </section>
  );
}

function Sessions({ view }: { view: AccountView }) {
  const { csrf } = view.viewer;
  return (
    <section class="card" aria-labelledby="sessions-heading">
      <header>
        <h2 id="sessions-heading">Where you are signed in</h2>
      </header>
      <ul class="rows">
        {view.sessions.map(({ id, current, browser, how, beganAt, seenAt }) => (
          <li key={id}>
            <div>
              <strong>{browser === '' ? 'Unknown browser' : browser}</strong>
              {current && <span class="tag">this one</span>}
              <span class="under">
                since <Moment at={beganAt} />, by {signInWords[how]}; last seen{' '}
                <Ago at={seenAt} now={view.now} />
              </span>
            </div>
            {!current && (
              <PostForm action={addresses.endSession(id)} csrf={csrf}>
                <button type="submit" class="button plain" aria-label={`Sign out ${browser}`}>
                  Sign out
                </button>
              </PostForm>
            )}
          </li>
        ))}
      </ul>
      {view.sessions.length > 1 && (
        <footer>
          <PostForm action={addresses.endOtherSessions} csrf={csrf}>
            <button type="submit" class="button quiet">
              Sign out everywhere else
            </button>
          </PostForm>
        </footer>
      )}
    </section>
  );
}

/** One's own account: what it is called, how one comes in, and where one is in. */
export function AccountPage(view: AccountView) {
  const { viewer, email, roles } = view;
  return (
    <Layout title="Your account" viewer={viewer} current="account" passkeys={view.passkeys !== null}>
      <div class="heading">
        <div>
          <h1>Your account</h1>
          <p class="facts">
            <span>{email}</span>
            {roles.map(({ organization, roles: held }) => (
              <span key={organization.id}>
                {organization.name}: {held.join(', ')}
              </span>
            ))}
          </p>
        </div>
      </div>
      <div class="account">
        <Problem text={view.problem} />
        <Done text={view.done} />
        {view.secondFactorDueAt !== null && (
          <p class="notice hint">
            <Icon name="attention" />
            <span>
              A company you work for asks for a second factor. Set up an authenticator app or a passkey by{' '}
              <Moment at={view.secondFactorDueAt} />; from then on you are asked for it first.
            </span>
          </p>
        )}
        <section class="card" aria-labelledby="name-heading">
          <header>
            <h2 id="name-heading">Name</h2>
          </header>
          <div class="body">
            <PostForm action={addresses.accountName} csrf={viewer.csrf} className="narrow">
              <Field
                id="name"
                label="How others see you"
                value={viewer.name}
                autocomplete="name"
                maxLength={100}
              />
              <div class="buttons">
                <button type="submit" class="button quiet">
                  Save
                </button>
              </div>
            </PostForm>
          </div>
        </section>
        <Passwords view={view} />
        <App view={view} />
        <Passkeys view={view} />
        <Sessions view={view} />
      </div>
    </Layout>
  );
}
