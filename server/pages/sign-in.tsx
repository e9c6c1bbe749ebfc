import { addresses } from './addresses.ts';
import { Problem } from './components/form.tsx';
import { Alone } from './components/layout.tsx';
import { PasskeyStatus, UsePasskey } from './components/passkey-button.tsx';

export interface SignInView {
  /** What was typed the last time, to be corrected. */
  readonly email?: string | undefined;
  /** Why it did not work; the same words whether or not there is such a person. */
  readonly problem?: string | undefined;
  /** Where to go afterwards: a path on this collector. */
  readonly next?: string | undefined;
  /** Can one come in by the company's own identity provider? */
  readonly singleSignOn: boolean;
  /** Can a passkey be used under the address this page was opened by? */
  readonly passkeys: boolean;
}

/** Signing in with an e-mail address and a password, or without a password where that was set up. */
export function SignInPage({ email, problem, next, singleSignOn, passkeys }: SignInView) {
  return (
    <Alone title="Sign in" passkeys={passkeys}>
      <h1>Sign in</h1>
      <Problem text={problem} />
      <form method="post" action={addresses.signIn}>
        {next !== undefined && <input type="hidden" name="next" value={next} />}
        <div class="field">
          <label for="email">E-mail address</label>
          <input id="email" name="email" type="email" value={email} autocomplete="username" required />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </div>
        <button type="submit" class="button">
          Sign in
        </button>
      </form>
      <div class="stacked">
        {passkeys && <UsePasskey next={next} />}
        {singleSignOn && (
          <a
            class="button quiet"
            href={
              next === undefined
                ? addresses.singleSignOn
                : `${addresses.singleSignOn}?next=${encodeURIComponent(next)}`
            }
          >
            Sign in with your company account
          </a>
        )}
        <PasskeyStatus />
      </div>
    </Alone>
  );
}

export interface SignInLinkView {
  /** The one-time code out of the link. */
  readonly code: string;
  /** Why the link does not work (used, too old, cut off). */
  readonly problem?: string | undefined;
}

/** Where a one-time link lands. It takes a click, so that a program that merely looks at the link does not use it up. */
export function SignInLinkPage({ code, problem }: SignInLinkView) {
  return (
    <Alone title="Sign in">
      <h1>{problem === undefined ? 'Welcome' : 'This link does not work'}</h1>
      {problem === undefined ? (
        <>
          <p class="muted">This link signs you in once.</p>
          <form method="post" action={addresses.signInByLink}>
            <input type="hidden" name="code" value={code} />
            <button type="submit" class="button">
              Sign in
            </button>
          </form>
        </>
      ) : (
        <>
          <Problem text={problem} />
          <p>
            Ask whoever runs the collector for a new one, or{' '}
            <a href={addresses.signIn}>sign in with your password</a>.
          </p>
        </>
      )}
    </Alone>
  );
}
