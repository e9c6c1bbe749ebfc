import { factsDigestInput } from '../../shared/report.ts';
import { type Arguments, type Flag, UsageError } from '../arguments.ts';
import { stateDirectory } from '../state/directory.ts';
import { asAdministrator } from '../state/problem.ts';
import { observe } from '../sync/observe.ts';
import { sha256 } from '../sync/outbox.ts';
import { composeReport } from '../sync/report.ts';
import { openView } from '../sync/view.ts';

/**
 * `agent --check --dry-run`: reads this machine and prints the report as `agent --report` would sign it now, byte for byte but
 * for its id and time. Keeps and sends nothing.
 */
export async function dryRun(args: Arguments): Promise<number> {
  const others = (['only', 'policy', 'format', 'verbose', 'record', 'replay'] satisfies Flag[]).filter(
    (flag) => args[flag] !== undefined,
  );
  if (others.length > 0)
    throw new UsageError(`--dry-run shows a whole report; it does not go with --${others[0]}`);
  const view = await openView();
  try {
    const { observation, warning } = await observe(view.directory);
    if (warning !== undefined) process.stderr.write(`agent: ${warning}\n`);
    const body = { machine: observation.machine, facts: observation.facts };
    const chain = view.outbox?.chain() ?? { sequence: 1, previous: null, acceptedDigest: undefined };
    const waiting = view.outbox?.waiting().reports ?? 0;
    const report = composeReport(
      {
        ...observation,
        takenAt: observation.takenAt.toISOString(),
        digest: sha256(factsDigestInput(body)),
        body,
      },
      view.enrollment.device,
      chain,
    );
    const text = JSON.stringify(report);
    process.stdout.write(`${text}\n`);
    process.stderr.write(
      `agent: ${Buffer.byteLength(text)} bytes, to be signed for ${new URL(view.enrollment.url).host}; nothing was sent.${
        'unchanged' in report
          ? ' Nothing has changed since the last report, so its digest is sent instead of the facts.'
          : ''
      }${waiting > 0 ? ` ${waiting} older ones would leave first.` : ''}\n`,
    );
    if (view.directory !== stateDirectory()) {
      process.stderr.write(
        `agent: the service reads more than this account may; to see exactly what it sends: ${asAdministrator}\n`,
      );
    }
    return 0;
  } finally {
    view.close();
  }
}
