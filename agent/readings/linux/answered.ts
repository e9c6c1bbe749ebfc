import {
  type CommandOptions,
  type CommandResult,
  SourceError,
  type Sources,
  unparseable,
} from '../../probe.ts';

export interface AnsweredOptions extends CommandOptions {
  /** Exit codes that are answers; only 0 unless told. */
  readonly exitCodes?: readonly number[];
}

const refusals =
  /not permitted|permission denied|access denied|must be root|need to be root|authorization failed|are you root/i;

/** Characters; a longer answer may hold such words by chance. */
const longestRefusal = 300;

/** Whether an answer is a refusal in so many words: some programs refuse with exit code 0. */
export const isRefusal = (stdout: string): boolean => stdout.length < longestRefusal && refusals.test(stdout);

/**
 * Runs a command whose exit code has to be one of the documented ones. Throws SourceError: `denied` where the command refused
 * for lack of rights, `failed` for every other exit code.
 */
export async function answered(
  sources: Pick<Sources, 'command'>,
  argv: readonly [program: string, ...args: string[]],
  { exitCodes = [0], ...options }: AnsweredOptions = {},
): Promise<CommandResult> {
  const result = await sources.command(argv, options);
  if (exitCodes.includes(result.exitCode) && !isRefusal(result.stdout)) return result;
  throw refusal(argv[0], result);
}

/** The error a command with an undocumented exit code stands for. Never quotes what it printed. */
export function refusal(program: string, result: CommandResult): SourceError {
  const denied = refusals.test(result.stderr) || refusals.test(result.stdout);
  return new SourceError(
    denied ? 'denied' : 'failed',
    `${program} ended with exit code ${result.exitCode}`,
    `exit-${result.exitCode}`,
  );
}

/** JSON a command printed. Throws SourceError `unparseable` where it is none. */
export function parsedJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unparseable(what);
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object; arrays and null are none. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The read's answer, or undefined when it says nothing. Only for reads that do not decide: an error is no answer. */
export async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
