import { type CommandResult, type Person, SourceError, type Sources } from '../probe.ts';
import type { Read, Recording } from './recording.ts';

/** Takes people, hosts, serials and networks out before anything is kept; per system. */
export interface Scrub {
  /** What may be kept of a read; undefined = nothing. */
  read(read: Read): Read | undefined;
  /** The stand-in for the person at the screen. */
  person(person: Person): Person;
}

export interface Recorder {
  /** The same doors; everything asked through them is kept. */
  readonly sources: Sources;
  recording(): Recording;
}

/** Keeps every read, its errors included, in the recording format. `scrub` decides what may be written down. */
export function recordSources(live: Sources, scrub: Scrub): Recorder {
  const reads = new Map<string, Read>();
  const keep = (key: object, answer: object) => {
    const read = { ...key, ...answer } as Read;
    const name = JSON.stringify(key);
    if (!reads.has(name)) reads.set(name, read);
  };
  async function kept<T>(key: object, read: () => Promise<T>, answer: (result: T) => object): Promise<T> {
    try {
      const result = await read();
      keep(key, answer(result));
      return result;
    } catch (error) {
      keep(key, { error: error instanceof SourceError && error.code !== '' ? error.code : 'failed' });
      throw error;
    }
  }
  const output = (result: CommandResult) => ({
    ...text(result),
    stderr: result.stderr,
    exitCode: result.exitCode,
  });
  const sources: Sources = {
    ...live,
    command: (argv, options = {}) =>
      kept(
        {
          command: argv,
          ...(options.stdin !== undefined && { stdin: options.stdin }),
          ...(options.as !== undefined && live.elevated && { as: options.as }),
        },
        () => live.command(argv, options),
        output,
      ),
    async file(path) {
      return Buffer.from(await this.fileBytes(path)).toString('utf8');
    },
    fileBytes: (path) => kept({ file: path }, () => live.fileBytes(path), content),
    directory: (path) =>
      kept(
        { directory: path },
        () => live.directory(path),
        (entries) => ({ entries }),
      ),
    registry: (key) =>
      kept(
        { registry: key },
        () => live.registry(key),
        ({ values, subkeys }) => ({ values, subkeys }),
      ),
    wmi: (query, namespace) =>
      kept(
        { wmi: query, namespace },
        () => live.wmi(query, namespace),
        (rows) => ({ rows }),
      ),
    powershell: (name) => kept({ powershell: name }, () => live.powershell(name), output),
    win32: (name, args) =>
      kept(
        { win32: name, args },
        () => live.win32(name, args),
        (result) => ({ result }),
      ),
    systemInformation: (name) =>
      kept(
        { systeminformation: name },
        () => live.systemInformation(name),
        (result) => ({ result }),
      ),
  };
  return {
    sources,
    recording: () => ({
      recording: 1,
      platform: live.platform,
      osVersion: live.osVersion,
      elevated: live.elevated,
      user: live.user === null ? null : scrub.person(live.user),
      recordedAt: live.now.toISOString(),
      reads: [...reads.values()].flatMap((read) => scrub.read(read) ?? []),
    }),
  };
}

/** Text where the bytes are UTF-8, else base64: code pages and binary property lists must come back as they were. */
function text({ stdout, stdoutBytes }: CommandResult): object {
  return Buffer.from(stdout, 'utf8').equals(stdoutBytes)
    ? { stdout }
    : { stdoutBase64: Buffer.from(stdoutBytes).toString('base64') };
}

function content(bytes: Uint8Array): object {
  const decoded = Buffer.from(bytes).toString('utf8');
  return Buffer.from(decoded, 'utf8').equals(bytes)
    ? { content: decoded }
    : { contentBase64: Buffer.from(bytes).toString('base64') };
}
