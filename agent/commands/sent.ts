import { type Arguments, UsageError } from '../arguments.ts';
import { chosenFormat } from '../output/format.ts';
import { localTime } from '../output/rows.ts';
import type { SentReport } from '../sync/outbox.ts';
import { openView } from '../sync/view.ts';

const shown = 50;

/** `agent --sent`: the log of everything that left this machine; with `--number` what one report said, word for word. */
export async function sent(args: Arguments): Promise<number> {
  const format = chosenFormat(args.format);
  const number = chosenNumber(args.number);
  const view = await openView();
  try {
    const all = view.outbox?.sent(number === undefined ? shown : 100_000) ?? [];
    const to = new URL(view.enrollment.url).host;
    if (number !== undefined) {
      const found = all.filter(({ sequence }) => sequence === number);
      if (found.length === 0)
        throw new UsageError(`--number: report ${number} is not in the log; see agent --sent`);
      for (const report of found) process.stdout.write(`${JSON.stringify(payloadOf(report), null, 2)}\n`);
    } else if (format === 'json') {
      process.stdout.write(
        `${JSON.stringify(
          all.map((report) => ({ ...report, to })),
          null,
          2,
        )}\n`,
      );
    } else {
      process.stdout.write(asTable(all, to));
    }
    return 0;
  } finally {
    view.close();
  }
}

function chosenNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new UsageError('--number is the number of a report, for example: --sent --number 12');
  return Number(text);
}

function payloadOf({ jws }: SentReport): unknown {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

function asTable(reports: readonly SentReport[], to: string): string {
  if (reports.length === 0) return 'Nothing has been sent from this machine.\n';
  const rows = reports.map(
    ({ sequence, sentAt, kind, outcome, jws, digest }) =>
      `${String(sequence).padStart(7)}  ${localTime(sentAt)}  ${kind.padEnd(9)}  ${`${jws.length} B`.padStart(8)}  ${outcome.padEnd(14)}  ${digest.slice(0, 16)}`,
  );
  return `Sent to ${to}, newest first${reports.length === shown ? ` (the last ${shown})` : ''}:

 number  when              what           size  answer          digest
${rows.join('\n')}

What a report said, word for word: agent --sent --number ${reports[0]?.sequence}
`;
}
