import { z } from 'zod';
import { Platform, type Reason } from '../../shared/answer.ts';
import { type CommandResult, type RegistryKey, SourceError, type Sources } from '../probe.ts';

const output = {
  stdout: z.string().optional(),
  stdoutBase64: z.string().optional(),
  stderr: z.string().default(''),
  exitCode: z.int(),
};
const refused = { error: z.string().min(1) };
const RegistryValue = z.object({
  type: z.string(),
  data: z.union([z.number(), z.string(), z.array(z.string())]),
});
const one = <K extends z.ZodRawShape, A extends z.ZodRawShape>(key: K, answer: A) =>
  z.union([z.object({ ...key, ...refused }), z.object({ ...key, ...answer })]);

const commandKey = {
  command: z.tuple([z.string()], z.string()),
  stdin: z.string().optional(),
  as: z.literal('user').optional(),
};

/** One thing the agent read, by the key it was asked with, and the answer or the error it got. */
export const Read = z.union([
  one(commandKey, output),
  one({ file: z.string() }, { content: z.string().optional(), contentBase64: z.string().optional() }),
  one({ directory: z.string() }, { entries: z.array(z.string()) }),
  one(
    { registry: z.string() },
    { values: z.record(z.string(), RegistryValue).default({}), subkeys: z.array(z.string()).default([]) },
  ),
  one({ wmi: z.string(), namespace: z.string() }, { rows: z.array(z.record(z.string(), z.unknown())) }),
  one({ powershell: z.string() }, output),
  one({ win32: z.string(), args: z.array(z.unknown()).default([]) }, { result: z.unknown() }),
  one({ systeminformation: z.string() }, { result: z.unknown() }),
]);
export type Read = z.output<typeof Read>;

/** A whole machine as the agent saw it at one moment, with people, hosts and serials scrubbed. */
export const Recording = z.object({
  recording: z.literal(1),
  platform: Platform,
  osVersion: z.string().default(''),
  elevated: z.boolean(),
  user: z
    .object({ name: z.string(), uid: z.int().optional(), sid: z.string().optional() })
    .nullable()
    .default(null),
  recordedAt: z.iso.datetime({ offset: true }),
  reads: z.array(Read),
});
export type Recording = z.output<typeof Recording>;

/** A recording file: the recording itself, or wrapped with what it is expected to come to. */
export const RecordingFile = z.union([
  Recording,
  z.object({ recording: Recording }).transform((file) => file.recording),
]);

/** What is wrong with a file that is no RecordingFile, after its name. */
export function recordingProblem(json: unknown): string {
  const wrapped = (json as { recording?: unknown } | null)?.recording;
  const inner = typeof wrapped === 'object' && wrapped !== null ? wrapped : json;
  const { recording: version } = (inner ?? {}) as { recording?: unknown };
  if (typeof version === 'number' && version !== 1) {
    return `is a recording of version ${version}, and this agent reads version 1: update the agent`;
  }
  const place = Recording.safeParse(inner).error?.issues[0]?.path.join('.') ?? '';
  return version === 1 && place !== ''
    ? `is not a recording (version 1): look at ${place}`
    : 'is not a recording, as agent --check --record FILE writes it';
}

const reasonsByCode: Record<string, Reason> = {
  enoent: 'missing',
  'not-found': 'missing',
  'not-recorded': 'missing',
  '0x2': 'missing',
  '0x8004100e': 'missing',
  eacces: 'denied',
  eperm: 'denied',
  'access-denied': 'denied',
  '0x5': 'denied',
  '0x80041003': 'denied',
  '0x80070005': 'denied',
  blocked: 'denied',
  // This Windows has no such library or function.
  '0x7e': 'unsupported',
  '0x7f': 'unsupported',
  timeout: 'timeout',
};

/** The error a short code in a recording stands for. */
export function codeError(code: string): SourceError {
  return new SourceError(reasonsByCode[code.toLowerCase()] ?? 'failed', `the read failed (${code})`, code);
}

const program = (path: string) =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();

/** What makes two reads the same read. Commands go by program name, keys and queries are compared without case. */
export function readKey(read: Read, withAs = true): string {
  if ('command' in read) {
    const [path, ...args] = read.command;
    return JSON.stringify([
      'command',
      program(path),
      args,
      read.stdin ?? null,
      withAs ? (read.as ?? null) : null,
    ]);
  }
  if ('file' in read) return JSON.stringify(['file', read.file]);
  if ('directory' in read) return JSON.stringify(['directory', read.directory.replace(/(?<=.)\/$/, '')]);
  if ('registry' in read) return JSON.stringify(['registry', read.registry.toLowerCase()]);
  if ('wmi' in read) {
    const squeezed = read.wmi.replace(/\s+/g, ' ').trim();
    return JSON.stringify(['wmi', squeezed.toLowerCase(), read.namespace.toLowerCase()]);
  }
  if ('powershell' in read) return JSON.stringify(['powershell', read.powershell.toLowerCase()]);
  if ('win32' in read) return JSON.stringify(['win32', read.win32.toLowerCase(), read.args]).toLowerCase();
  return JSON.stringify(['systeminformation', read.systeminformation]);
}

function decoded(text: string | undefined, base64: string | undefined): Uint8Array {
  return base64 === undefined ? Buffer.from(text ?? '', 'utf8') : Buffer.from(base64, 'base64');
}

function asResult(read: {
  stdout?: string | undefined;
  stdoutBase64?: string | undefined;
  stderr: string;
  exitCode: number;
}): CommandResult {
  const stdoutBytes = decoded(read.stdout, read.stdoutBase64);
  return {
    stdout: read.stdout ?? Buffer.from(stdoutBytes).toString('utf8'),
    stderr: read.stderr,
    exitCode: read.exitCode,
    stdoutBytes,
  };
}

/** A registry key over its values and the names of its subkeys. */
export function registryKey(values: RegistryKey['values'], subkeys: readonly string[]): RegistryKey {
  const byName = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  return { value: (name) => byName.get(name.toLowerCase()), values, subkeys };
}

/** Programs that answer for whoever runs them: root is told its own settings, never the person's. */
const asksForItself = new Set([
  'defaults',
  'gsettings',
  'id',
  'kreadconfig5',
  'kreadconfig6',
  'sysadminctl',
  'xfconf-query',
]);

/** Whether the read without `as` would be root's own answer, which says nothing of the person. */
function rootAnswersForItself({ elevated }: Recording, wanted: unknown): boolean {
  const { command, as } = wanted as { command?: readonly string[]; as?: 'user' };
  return elevated && as === 'user' && asksForItself.has(program(command?.[0] ?? ''));
}

/**
 * The machine of a recording. What was not recorded is a `missing` error of that read (code `not-recorded`), so that a probe
 * goes on to its next source. Where a read stands twice, the first one counts.
 */
export function replaySources(recording: Recording): Sources {
  const reads = new Map<string, Read>();
  for (const read of recording.reads.toReversed()) {
    // A read without `as` also answers one with it, unless that was recorded too.
    reads.set(readKey(read), read);
  }
  function find<K extends string>(
    kind: K,
    wanted: unknown,
  ): Exclude<Extract<Read, Record<K, unknown>>, { error: string }> {
    const bare = rootAnswersForItself(recording, wanted) ? undefined : readKey(wanted as Read, false);
    const read = reads.get(readKey(wanted as Read)) ?? (bare === undefined ? undefined : reads.get(bare));
    if (read === undefined) throw new SourceError('missing', `not in the recording: ${kind}`, 'not-recorded');
    if ('error' in read) throw codeError(read.error);
    return read as Exclude<Extract<Read, Record<K, unknown>>, { error: string }>;
  }
  return {
    platform: recording.platform,
    osVersion: recording.osVersion,
    elevated: recording.elevated,
    user:
      recording.user === null
        ? null
        : {
            name: recording.user.name,
            ...(recording.user.uid !== undefined && { uid: recording.user.uid }),
            ...(recording.user.sid !== undefined && { sid: recording.user.sid }),
          },
    now: new Date(recording.recordedAt),
    async command(argv, { as, stdin } = {}) {
      return asResult(find('command', { command: argv, as, stdin }));
    },
    async file(path) {
      const read = find('file', { file: path });
      return read.content ?? Buffer.from(decoded(undefined, read.contentBase64)).toString('utf8');
    },
    async fileBytes(path) {
      const read = find('file', { file: path });
      return decoded(read.content, read.contentBase64);
    },
    async directory(path) {
      return find('directory', { directory: path }).entries;
    },
    async registry(key) {
      const read = find('registry', { registry: key });
      return registryKey(read.values, read.subkeys);
    },
    async wmi(query, namespace) {
      return find('wmi', { wmi: query, namespace }).rows;
    },
    async powershell(name) {
      return asResult(find('powershell', { powershell: name }));
    },
    async win32(name, args) {
      return find('win32', { win32: name, args }).result;
    },
    async systemInformation(name) {
      return find('systeminformation', { systeminformation: name }).result;
    },
  };
}
