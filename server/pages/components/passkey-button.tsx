import { addresses } from '../addresses.ts';

/** Where the script says what went wrong. Once a page. */
export function PasskeyStatus() {
  return <p id="passkey-status" role="status" class="small" />;
}

/** Signs in with a passkey; only there where the browser can. */
export function UsePasskey({ second, next }: { second?: boolean; next?: string | undefined }) {
  return (
    <button
      type="button"
      class="button quiet"
      hidden
      data-passkey={second ? 'second' : 'use'}
      data-options={addresses.passkeyOptions}
      data-finish={addresses.signInByPasskey}
      data-next={next}
      data-problem="This passkey was not accepted. Begin again, or sign in another way."
    >
      {second ? 'Use a passkey' : 'Sign in with a passkey'}
    </button>
  );
}

/** Makes a passkey, named by the field of that id. */
export function MakePasskey({ csrf, name }: { csrf: string; name: string }) {
  return (
    <button
      type="button"
      class="button"
      hidden
      data-passkey="create"
      data-options={addresses.newPasskeyOptions}
      data-finish={addresses.newPasskey}
      data-csrf={csrf}
      data-name={name}
      data-problem="The passkey was not kept. Try again."
    >
      Add a passkey
    </button>
  );
}
