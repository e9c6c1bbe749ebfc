import type { Check, Point } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import { Machine } from '../../shared/machine.ts';
import type { Report } from '../../shared/report.ts';
import { wrap } from '../../shared/words.ts';
import type { Arguments } from '../arguments.ts';
import { chosenFormat } from '../output/format.ts';
import { asRows, localTime, printable } from '../output/rows.ts';
import { schemaInWords } from '../output/schema-words.ts';
import { deviceCheckIds } from '../runner.ts';
import { openView, type View } from '../sync/view.ts';

type EveryKey<T> = T extends unknown ? keyof T : never;

/** Why each part of a report travels; a new part without a reason does not compile. */
const reportFields: Readonly<Record<Exclude<EveryKey<Report>, 'machine' | 'facts'>, string>> = {
  schema: 'which kind of message it is',
  id: 'a number made for this report, so that sending it twice counts once',
  device: 'the random number this machine got when it was enrolled; it says nothing about it or you',
  sequence: 'counts the reports, so that a missing one shows',
  previous: 'a checksum of the report before, so that nobody can change an old one unseen',
  takenAt: 'when the settings were read',
  agent: 'which version of this program read them',
  policy: 'which rules the verdict you saw was made by',
  unchanged: 'sent instead of all settings when they are the same as last time: their checksum',
};

const machineFields: Readonly<Record<keyof Machine, string>> = {
  platform: 'to judge by the rules for this kind of system',
  osName: 'to look up whether the system still gets security fixes',
  osVersion: 'the same',
  edition: 'the same: editions of Windows end on different days',
  desktop: 'to name the right menu when something has to be changed',
};

/** `agent --privacy`: every field a report can hold, from the very schema that lets nothing else out, with its last value. */
export async function privacy(args: Arguments): Promise<number> {
  const format = chosenFormat(args.format);
  const view = await openView();
  try {
    const facts = privacyOf(view);
    process.stdout.write(format === 'json' ? `${JSON.stringify(facts, null, 2)}\n` : asText(facts));
    return 0;
  } finally {
    view.close();
  }
}

function privacyOf({ enrollment, outbox }: View) {
  const found = outbox?.lastFound();
  const machine = (found?.machine ?? {}) as Readonly<Record<string, unknown>>;
  const facts = (found?.facts ?? {}) as { readonly [check: string]: { readonly [point: string]: unknown } };
  return {
    schema: 'muster.privacy/1',
    notice: enrollment.notice,
    collector: enrollment.url,
    device: enrollment.device,
    lastSentAt: outbox?.recall('lastContact') ?? null,
    report: Object.entries(reportFields).map(([field, why]) => ({ field, why })),
    machine: (Object.keys(Machine.shape) as (keyof Machine)[]).map((field) => ({
      field,
      why: machineFields[field],
      last: machine[field] ?? null,
    })),
    settings: deviceCheckIds.map((id) => settingsOf(id, facts[id] ?? {})),
  };
}

function settingsOf(id: CheckId, last: Readonly<Record<string, unknown>>) {
  const check = checks[id] as unknown as Check;
  return {
    check: id,
    title: check.title,
    why: check.rationale,
    fields: Object.entries(check.points as Readonly<Record<string, Point>>).map(([name, point]) => ({
      field: name,
      title: point.title,
      canBe: schemaInWords(point.value),
      last: last[name] ?? null,
    })),
  };
}

function asText(facts: ReturnType<typeof privacyOf>): string {
  const { notice } = facts;
  const value = (last: unknown) => (last === null ? 'nothing yet' : JSON.stringify(last));
  const settings = facts.settings.map(
    ({ title, why, fields }) =>
      `${wrap(`${title}: ${why}`, 80).join('\n')}\n${fields
        .map((field) =>
          asRows([
            [field.title, `last sent: ${value(field.last)}`],
            ['', `can be: ${field.canBe}`],
          ]),
        )
        .join('\n')}\n`,
  );
  return `Who is told what about this machine

${asRows([
  ['Who is responsible', `${printable(notice.controller)} (${printable(notice.contact)})`],
  ['Why', printable(notice.purpose)],
  ['Who can see it', printable(notice.seenBy)],
  ['How long', printable(notice.retention)],
  ['Sent to', facts.collector],
  ['Last sent', facts.lastSentAt === null ? 'never' : localTime(facts.lastSentAt)],
  ['Your notice', `version ${printable(notice.version)}`],
])}

With every report

${asRows(facts.report.map(({ field, why }) => [field, why]))}

About the machine

${asRows(facts.machine.map(({ field, why, last }) => [field, `${why}; last sent: ${value(last)}`]))}

Settings

${settings.join('\n')}
${closing(printable(notice.contact))}
`;
}

const closing = (contact: string) =>
  [
    'Nothing else can be sent: no names, files, passwords, places, networks, addresses, serial numbers, programs in use, browsing or working hours.',
    'What did go out, word for word: agent --sent. To see it before it goes: agent --check --dry-run.',
    `What is kept of it, who looked, and to object or have something corrected: agent --my-device, or write to ${contact}. To end it: agent --leave.`,
  ]
    .flatMap((text) => wrap(text, 80))
    .join('\n');
