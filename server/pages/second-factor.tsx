import { addresses } from './addresses.ts';
import { Field, Problem } from './components/form.tsx';
import { Alone } from './components/layout.tsx';
import { PasskeyStatus, UsePasskey } from './components/passkey-button.tsx';

export interface SecondFactorView {
  /** Is there an authenticator app? */
  readonly app: boolean;
  /** Is there a passkey that can be used here? */
  readonly passkeys: boolean;
  readonly problem?: string | undefined;
}

/** The second step of signing in. */
export function SecondFactorPage({ app, passkeys, problem }: SecondFactorView) {
  return (
    <Alone title="Second step" passkeys={passkeys}>
      <h1>Second step</h1>
      <Problem text={problem} />
      {app && (
        <form method="post" action={addresses.signInSecondFactor}>
          <Field
            id="code"
            label="Code"
            hint="Six digits from your authenticator app, or one of your recovery codes."
            autocomplete="one-time-code"
            maxLength={40}
            code
          />
          <button type="submit" class="button">
            Continue
          </button>
        </form>
      )}
      <div class="stacked">
        {passkeys && <UsePasskey second />}
        <PasskeyStatus />
      </div>
      {!app && !passkeys && (
        <p>
          Your passkey belongs to another address of this collector. Open it by the name you made the passkey
          under.
        </p>
      )}
      <p class="small muted">
        Nothing at hand? Whoever runs the collector can make a one-time link for you. Or{' '}
        <a href={addresses.signIn}>begin again</a>.
      </p>
    </Alone>
  );
}
