import { passwordLength } from '../password.ts';
import { addresses } from './addresses.ts';
import { Field, PostForm, Problem } from './components/form.tsx';
import { Icon } from './components/icon.tsx';
import { Alone } from './components/layout.tsx';

export interface PasswordView {
  readonly csrf: string;
  /** For password managers, which keep the two together. */
  readonly email: string;
  /** There is none yet. */
  readonly first: boolean;
  readonly asksPassword: boolean;
  readonly problem?: string | undefined;
}

/** Choosing a password: the first one, or another. */
export function PasswordPage({ csrf, email, first, asksPassword, problem }: PasswordView) {
  return (
    <Alone title={first ? 'Choose a password' : 'Change the password'}>
      <h1>{first ? 'Choose a password' : 'Change the password'}</h1>
      <Problem text={problem} />
      <PostForm action={addresses.password} csrf={csrf}>
        <input type="hidden" name="username" value={email} autocomplete="username" />
        {asksPassword && (
          <Field id="current" label="The password you have" type="password" autocomplete="current-password" />
        )}
        <Field
          id="password"
          label="New password"
          type="password"
          autocomplete="new-password"
          hint={`At least ${passwordLength.min} characters. A few words in a row are good; nothing else is asked of it.`}
        />
        <Field id="repeat" label="Once more" type="password" autocomplete="new-password" />
        <button type="submit" class="button">
          Save
        </button>
      </PostForm>
      <p class="small">
        <a href={first ? addresses.today : addresses.account}>{first ? 'Not now' : 'Back to your account'}</a>
        {first && (
          <>
            {' '}
            · or <a href={addresses.account}>use a passkey instead</a>
          </>
        )}
      </p>
    </Alone>
  );
}

export interface AppSetupView {
  readonly csrf: string;
  /** The secret, sealed: it comes back with the first code. */
  readonly sealed: string;
  /** SVG of the code to scan. */
  readonly picture: string;
  /** The secret to type, where nothing can be scanned. */
  readonly text: string;
  readonly next: string;
  /** Can it wait? */
  readonly later: boolean;
  /** Is it asked for by a company, rather than looked for by the person? */
  readonly asked: boolean;
  readonly problem?: string | undefined;
}

/** Setting up an authenticator app: the secret is shown here and never again. */
export function AppSetupPage(view: AppSetupView) {
  const { csrf, sealed, picture, text, next, later, asked, problem } = view;
  return (
    <Alone title="Set up a second factor">
      <h1>Set up a second factor</h1>
      {asked && (
        <p>
          From here the security of a whole fleet can be seen, so a password alone is not enough. It takes a
          minute.
        </p>
      )}
      <Problem text={problem} />
      <ol class="steps">
        <li>
          <span>Scan this with an authenticator app on your phone.</span>
          <div
            class="qr"
            role="img"
            aria-label="QR code with the secret for your app; the same secret as text is below"
            // Made by the QR library of our own secret: nothing anybody typed.
            dangerouslySetInnerHTML={{ __html: picture }}
          />
          <details>
            <summary>Type it instead</summary>
            <p>
              <code>{text}</code>
            </p>
            <p class="small muted">Time-based, six digits, every 30 seconds.</p>
          </details>
        </li>
        <li>
          <PostForm action={addresses.secondFactor} csrf={csrf}>
            <input type="hidden" name="sealed" value={sealed} />
            <input type="hidden" name="next" value={next} />
            <Field
              id="code"
              label="The code your app shows now"
              autocomplete="one-time-code"
              maxLength={10}
              code
            />
            <button type="submit" class="button">
              Turn it on
            </button>
          </PostForm>
        </li>
      </ol>
      <p class="small">
        {later && (
          <>
            <a href={next}>Not now</a> ·{' '}
          </>
        )}
        <a href={addresses.account}>Use a passkey instead</a>
      </p>
    </Alone>
  );
}

export interface RecoveryCodesView {
  readonly codes: readonly string[];
  readonly next: string;
  /** The app was set up a moment ago. */
  readonly first: boolean;
}

/** The recovery codes, shown once. */
export function RecoveryCodesPage({ codes, next, first }: RecoveryCodesView) {
  return (
    <Alone title="Recovery codes">
      <h1>Recovery codes</h1>
      <p class="notice done" role="status">
        <Icon name="compliant" />
        <span>{first ? 'The second factor is on.' : 'The codes you had before are no longer good.'}</span>
      </p>
      <p>
        If the phone is lost, one of these takes the place of the code from the app. Each is good once. Keep
        them where the phone is not: they are <strong>not shown again</strong>.
      </p>
      <ul class="codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div class="buttons">
        <a class="button" href={next}>
          I have kept them
        </a>
        <button
          type="button"
          class="button quiet copy"
          data-text={codes.join('\n')}
          aria-label="Copy the recovery codes"
          hidden
        >
          Copy
        </button>
      </div>
    </Alone>
  );
}
