import { addresses } from '../addresses.ts';
import type { Tone } from '../words.ts';
import { Toned } from './status.tsx';
import { Moment } from './time.tsx';

/** A version of a policy as its history has it. */
export interface PolicyVersionView {
  readonly version: number;
  readonly id: string;
  readonly publishedAt: string;
  /** By name; `the command line` or `the collector` where nobody was signed in. */
  readonly publishedBy: string;
  readonly effectiveFrom: string;
  readonly reason: string;
  readonly state: 'in-force' | 'scheduled' | 'withdrawn' | 'past';
}

const words: Record<PolicyVersionView['state'], { text: string; tone: Tone }> = {
  'in-force': { text: 'In force', tone: 'compliant' },
  scheduled: { text: 'Waits for its day', tone: 'attention' },
  withdrawn: { text: 'Withdrawn', tone: 'none' },
  past: { text: 'Before', tone: 'none' },
};

/** Compares any two versions; the newest against the one before it when nothing else is chosen. */
function Compare({
  organization,
  versions,
}: {
  organization: string;
  versions: readonly PolicyVersionView[];
}) {
  const [newest, before] = versions;
  const options = (chosen: number | undefined) =>
    versions.map(({ version }) => (
      <option key={version} value={version} selected={version === chosen}>
        Version {version}
      </option>
    ));
  return (
    <form class="controls compare-controls" method="get" action={addresses.policyDifference(organization)}>
      <div class="field">
        <label for="from">From</label>
        <select id="from" name="from">
          {options(before?.version)}
        </select>
      </div>
      <div class="field">
        <label for="to">To</label>
        <select id="to" name="to">
          {options(newest?.version)}
        </select>
      </div>
      <button type="submit" class="button quiet">
        Compare
      </button>
    </form>
  );
}

/** Every version there was, with its dates and who published it. */
export function PolicyVersions({
  organization,
  versions,
  olderThan,
  shown,
}: {
  organization: string;
  versions: readonly PolicyVersionView[];
  olderThan: number | null;
  shown: number;
}) {
  return (
    <section class="card" id="versions" aria-labelledby="versions-heading">
      <header>
        <h2 id="versions-heading">Versions</h2>
        <span class="muted small">newest first; none is ever changed</span>
      </header>
      {versions.length > 1 && <Compare organization={organization} versions={versions} />}
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">State</th>
            <th scope="col">In force from</th>
            <th scope="col">Published</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((one) => (
            <tr key={one.version}>
              <th scope="row">
                {one.version === shown ? (
                  `${one.id} ${one.version}`
                ) : (
                  <a href={addresses.policyVersion(organization, one.version)}>
                    {one.id} {one.version}
                  </a>
                )}
              </th>
              <td class="right">
                <Toned tone={words[one.state].tone}>{words[one.state].text}</Toned>
              </td>
              <td class="whole" data-label="In force from">
                <Moment at={one.effectiveFrom} />
              </td>
              <td class="whole">
                <Moment at={one.publishedAt} />
                <span class="under">by {one.publishedBy}</span>
              </td>
              <td class="whole">
                {one.reason === '' ? <span class="muted">No reason was given</span> : one.reason}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {olderThan !== null && (
        <nav class="pager" aria-label="Older versions">
          <span />
          <a class="button quiet" href={`${addresses.policy(organization)}?below=${olderThan}#versions`}>
            Older versions
          </a>
        </nav>
      )}
    </section>
  );
}
