import type { PolicyChange } from '../review/policy-difference.ts';
import type { PolicyCheck } from '../review/policy-points.ts';
import { addresses } from './addresses.ts';
import { Attention, DraftFrame, type DraftFrameView, DraftSecrets } from './components/draft-frame.tsx';
import { PolicyChanges } from './components/policy-changes.tsx';
import { Moment } from './components/time.tsx';
import { modeWords, sentence } from './words.ts';

export interface PolicyDraftView extends DraftFrameView {
  /** 0 where nothing has been changed yet. */
  readonly edit: number;
  readonly inForce: { readonly id: string; readonly version: number };
  /** The version that was in force when the draft was begun. */
  readonly basedOn: number;
  readonly editedAt: string | null;
  readonly editedBy: string | null;
  readonly changes: readonly PolicyChange[];
  readonly checks: readonly PolicyCheck[];
  readonly schedule: string;
}

function Changes({ view }: { view: PolicyDraftView }) {
  const { changes, organization, viewer, edit } = view;
  return (
    <section class="card" aria-labelledby="changes">
      <header>
        <h2 id="changes">
          {changes.length === 0
            ? 'Nothing is changed yet'
            : changes.length === 1
              ? '1 change'
              : `${changes.length} changes`}
        </h2>
        {view.editedAt !== null && (
          <span class="muted small">
            last by {view.editedBy}, <Moment at={view.editedAt} />
          </span>
        )}
      </header>
      {changes.length === 0 ? (
        <p class="calm">
          <span>Choose a check below. Nobody’s laptop is judged by a draft until you publish it.</span>
        </p>
      ) : (
        <PolicyChanges changes={changes} />
      )}
      {edit !== 0 && (
        <footer class="button-row">
          {changes.length > 0 && (
            <a class="button" href={addresses.policyWhatIf(organization.id)}>
              See what it would mean
            </a>
          )}
          <form method="post" action={addresses.policyDraftDiscard(organization.id)}>
            <DraftSecrets viewer={viewer} edit={edit} />
            <button type="submit" class="button quiet">
              Discard the draft
            </button>
          </form>
        </footer>
      )}
    </section>
  );
}

/** What is being worked on: what it changes, and every check to change. */
export function PolicyDraftPage(view: PolicyDraftView) {
  const { organization, inForce, basedOn, edit, checks } = view;
  return (
    <DraftFrame view={view} title="Draft of the policy" step="edit">
      {edit !== 0 && basedOn !== inForce.version && (
        <Attention>
          <p>
            The draft was begun when version {basedOn} was in force; by now it is version {inForce.version}.
            What follows is compared with version {inForce.version}: look whether the draft takes something
            back.
          </p>
        </Attention>
      )}
      <Changes view={view} />
      <section class="card" aria-labelledby="checks">
        <header>
          <h2 id="checks">Checks</h2>
          <span class="muted small">as the draft has them</span>
        </header>
        <table class="stacks draft-checks">
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col">Required</th>
              <th scope="col">How it counts</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">
                <a href={addresses.policyDraftSchedule(organization.id)}>How often laptops report</a>
              </th>
              <td class="whole">{sentence(view.schedule)}</td>
              <td />
            </tr>
            {checks.map(({ check, title, mode, points }) => {
              const asked = points.filter((point) => point.mode === mode);
              return (
                <tr key={check}>
                  <th scope="row">
                    <a href={addresses.policyDraftCheck(organization.id, check)}>{title}</a>
                  </th>
                  <td class={mode === 'off' ? 'whole muted' : 'whole'}>
                    {asked.map(({ expected }) => sentence(expected)).join('. ')}
                  </td>
                  <td class={mode === 'off' ? 'whole muted' : 'whole'}>{modeWords[mode]}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        <footer>
          <a class="button quiet" href={addresses.policyImport(organization.id)}>
            Start from a preset or a file
          </a>
        </footer>
      </section>
    </DraftFrame>
  );
}
