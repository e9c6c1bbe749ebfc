import { Problem } from '../components/form.tsx';
import { Alone } from '../components/layout.tsx';
import { myDeviceAddresses } from './addresses.ts';

export interface MyDeviceLinkView {
  /** The one-time code out of the link. */
  readonly code?: string;
  /** Why the page cannot be shown (used, too old, cut off, closed). */
  readonly problem?: string | undefined;
}

/** Where the agent's one-time link lands. It takes a click, so that a program that merely looks at the link does not use it up. */
export function MyDeviceLinkPage({ code, problem }: MyDeviceLinkView) {
  return (
    <Alone title="My laptop">
      <h1>{problem === undefined ? 'Your laptop' : 'This page does not open'}</h1>
      {problem === undefined ? (
        <>
          <p class="muted">Everything that is kept about this laptop. The link works once.</p>
          <form method="post" action={myDeviceAddresses.open()}>
            <input type="hidden" name="code" value={code} />
            <button type="submit" class="button">
              Show it
            </button>
          </form>
        </>
      ) : (
        <>
          <Problem text={problem} />
          <p>
            On the laptop, <code>agent --my-device</code> makes a new link. It is good for ten minutes.
          </p>
        </>
      )}
    </Alone>
  );
}
