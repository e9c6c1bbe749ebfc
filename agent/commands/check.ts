import { config } from 'zod';
import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/facts.ts';
import { judge, posture } from '../../shared/judge.ts';
import { approvedMedia, withWaivers } from '../../shared/waiver.ts';
import { type Arguments, UsageError } from '../arguments.ts';
import { failedReads } from '../doctor/watch.ts';
import { fileProblem } from '../file-problem.ts';
import type { CheckReport } from '../output/check-report.ts';
import { type ChosenPolicy, choosePolicy } from '../policy.ts';
import type { Sources } from '../probe.ts';
import { readMachine } from '../readings/machine.ts';
import { deviceCheckIds, loadProbes, runChecks } from '../runner.ts';
import type { MergedFacts } from '../socket/client.ts';
import { version } from '../version.ts';

const formats = ['table', 'json', 'junit'] as const;
type Format = (typeof formats)[number];

const exitCodes = { compliant: 0, 'not-compliant': 1, unknown: 2 } as const;

// A check parses each schema once or twice: compiling parsers for that costs more than it saves.
config({ jitless: true });

/** `agent --check`: reads, judges, prints; the exit code is the posture. Sends nothing. */
export async function check(args: Arguments): Promise<number> {
  if (args['dry-run'] === true) return (await import('./dry-run.ts')).dryRun(args);
  const format = chosenFormat(args.format);
  const only = chosenChecks(args.only);
  if (args.record !== undefined && args.replay !== undefined) {
    throw new UsageError('--record and --replay do not go together');
  }
  const chosen = args.policy === undefined ? await ownPolicy() : await chosenPolicy(args.policy);
  const { policy } = chosen;
  // A waiver is for this machine: what another one recorded stands for itself.
  const waivers = args.replay === undefined ? chosen.waivers : [];
  const { sources, finish } = await openSources(args, chosen);
  const failed = failedReads();
  const [machine, read] = await Promise.all([
    readMachine(sources),
    runChecks(sources, policy, { only, watch: failed.watch }),
  ]);
  const { facts, seenByService } = await withService(args, sources, read);
  const context = { now: sources.now, machine, approvedMedia: approvedMedia(waivers, sources.now) };
  const findings = withWaivers(judge(facts, policy, context), waivers, sources.now);
  await finish();
  const report: CheckReport = {
    version,
    machine,
    checkedAt: sources.now,
    elevated: sources.elevated,
    policy,
    posture: posture(findings),
    findings,
    seenByService,
    failedReads: failed.of,
  };
  process.stdout.write(await render(report, format, args.verbose === true));
  return exitCodes[report.posture];
}

function chosenFormat(name: string | undefined): Format {
  const format = formats.find((known) => known === (name ?? 'table'));
  if (format === undefined) throw new UsageError(`--format is one of ${formats.join(', ')}`);
  return format;
}

function chosenChecks(names: string | undefined): CheckId[] | undefined {
  if (names === undefined) return undefined;
  const wanted = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (wanted.length === 0)
    throw new UsageError('--only needs at least one check, for example: --only firewall');
  for (const name of wanted) {
    if (!deviceCheckIds.includes(name as CheckId)) {
      const why = checkIds.includes(name as CheckId)
        ? 'is answered by the collector, not on the device'
        : 'is no check';
      throw new UsageError(`--only: "${name.slice(0, 40)}" ${why}. Checks: ${deviceCheckIds.join(', ')}`);
    }
  }
  return wanted as CheckId[];
}

async function ownPolicy(): Promise<ChosenPolicy> {
  const chosen = await choosePolicy();
  if (chosen.warning !== undefined) process.stderr.write(`agent: ${chosen.warning}\n`);
  return chosen;
}

async function chosenPolicy(nameOrFile: string): Promise<ChosenPolicy> {
  const { readPolicy } = await import('../policy-file.ts');
  return { policy: await readPolicy(nameOrFile), waivers: [], warning: undefined };
}

/** An ordinary user's check shows the service's last answer where the right to read is missing; a recording stands for itself. */
async function withService(args: Arguments, sources: Sources, facts: Facts): Promise<MergedFacts> {
  if (sources.elevated || args.replay !== undefined || args.record !== undefined) {
    return { facts, seenByService: new Map() };
  }
  const { withServiceAnswers } = await import('../socket/client.ts');
  return withServiceAnswers(facts, sources);
}

interface OpenSources {
  readonly sources: Sources;
  /** Writes the recording, where one was asked for. */
  finish(): Promise<void>;
}

async function openSources(args: Arguments, chosen: ChosenPolicy): Promise<OpenSources> {
  if (args.replay !== undefined) {
    const { replaySources } = await import('../sources/recording.ts');
    return { sources: replaySources(await recordingFromFile(args.replay)), finish: async () => {} };
  }
  const { liveSources } = await import('../sources/live.ts');
  // The first programs run while the rest is loaded.
  const [live] = await Promise.all([
    liveSources(),
    loadProbes(),
    import('../state/history.ts'),
    import('../sources/slow-reads.ts'),
    import('../output/table.ts'),
  ]);
  const { killChildren } = await import('../sources/exec.ts');
  if (args.record === undefined) {
    const { openHistory } = await import('../state/history.ts');
    const { stateDirectory } = await import('../state/directory.ts');
    const { withHistory } = await import('../sources/slow-reads.ts');
    const { withApprovals } = await import('../watch/approvals.ts');
    const directory = stateDirectory();
    const history = await openHistory(directory, live.now);
    return {
      sources: withApprovals(withHistory(live, history), history, chosen, directory),
      async finish() {
        // On Windows PowerShell may still be asking what no check waits for any more.
        killChildren();
        await history.save();
      },
    };
  }
  const { recordSources } = await import('../sources/record.ts');
  const { writeFile } = await import('node:fs/promises');
  const path = args.record;
  const { scrubber } = await import('../sources/scrub/index.ts');
  const recorder = recordSources(live, await scrubber(live));
  return {
    sources: recorder.sources,
    async finish() {
      if (live.platform === 'win32') {
        const { readAllWindows } = await import('../sources/record-windows.ts');
        await readAllWindows(recorder.sources);
      }
      if (live.platform === 'darwin') {
        const { readAllMac } = await import('../sources/record-mac.ts');
        await readAllMac(recorder.sources);
      }
      if (live.platform === 'linux') {
        const { readAllLinux } = await import('../sources/record-linux.ts');
        await readAllLinux(recorder.sources);
      }
      killChildren();
      try {
        await writeFile(path, `${JSON.stringify(recorder.recording(), null, 1)}\n`, { mode: 0o600 });
      } catch (error) {
        throw new UsageError(`--record: ${fileProblem(error)} ${path}`);
      }
    },
  };
}

async function recordingFromFile(path: string) {
  const { RecordingFile, recordingProblem } = await import('../sources/recording.ts');
  const { readFile } = await import('node:fs/promises');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--replay: ${fileProblem(error)} ${path}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(`--replay: ${path} is not valid JSON`);
  }
  const recording = RecordingFile.safeParse(json);
  if (recording.success) return recording.data;
  throw new UsageError(`--replay: ${path} ${recordingProblem(json)}`);
}

async function render(report: CheckReport, format: Format, verbose: boolean): Promise<string> {
  if (format === 'json') return (await import('../output/json.ts')).asJson(report);
  if (format === 'junit') return (await import('../output/junit.ts')).asJunit(report);
  const { asTable } = await import('../output/table.ts');
  const colour = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  const width =
    process.stdout.isTTY === true ? Math.max(40, Math.min(process.stdout.columns || 80, 110)) : 80;
  return asTable(report, { colour, width, verbose });
}
