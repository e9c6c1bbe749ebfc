import { mkdtemp, rm } from 'node:fs/promises';
import { release } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type CommandResult, SourceError, type Sources } from '../probe.ts';
import { readListed } from './directory.ts';
import { type RunOptions, runCommand } from './exec.ts';
import { readBytes } from './files.ts';
import { isElevated, personAtScreen, systemDirectory, windowsSources } from './windows.ts';

/** Where the security database is exported to, as probes and recordings say it. */
const exportPath = '%ProgramData%\\Muster\\secedit.inf';

type Command = readonly [program: string, ...args: string[]];

/**
 * Runs a program of Windows itself, from the folder the system names. The environment is the caller's: a variable that a person
 * may set must not choose what an elevated agent starts.
 */
async function runHere(
  [program, ...args]: Command,
  { env, ...options }: RunOptions = {},
): Promise<CommandResult> {
  const system = await systemDirectory();
  const windows = parent(system);
  return runCommand([isAbsolute(program) ? program : join(system, program), ...args], {
    ...options,
    env: { SystemRoot: windows, windir: windows, SystemDrive: windows.slice(0, 2), PATH: system, ...env },
  });
}

const parent = (path: string) => path.replace(/\\[^\\]*$/, '');

/**
 * Runs secedit with a file of our own in the place of the documented one, in a fresh folder below Windows\Temp: in ProgramData
 * anybody might have put a link there before, for the system to write through. Keeps what it wrote and leaves nothing behind.
 */
async function exportSecurity(
  argv: Command,
  options: RunOptions,
): Promise<{ result: CommandResult; content: Uint8Array | undefined }> {
  const windows = parent(await systemDirectory());
  let folder: string;
  try {
    folder = await mkdtemp(join(windows, 'Temp', 'muster-'));
  } catch {
    throw new SourceError('denied', 'no place to export the security database to', 'EACCES');
  }
  try {
    const path = join(folder, 'secedit.inf');
    const [program, ...args] = argv;
    const result = await runHere(
      [program, ...args.map((argument) => (argument === exportPath ? path : argument))],
      options,
    );
    const content = await readBytes(path).catch(() => undefined);
    return { result, content };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The doors to this Windows, as it is now. */
export async function liveWindows(): Promise<Sources> {
  const osVersion = release();
  const { expand, ...doors } = windowsSources({ runCommand: runHere, osVersion });
  const [user, elevated] = await Promise.all([personAtScreen(), isElevated()]);
  let exported: Uint8Array | undefined;

  async function fileBytes(path: string): Promise<Uint8Array> {
    if (path !== exportPath) return readBytes(await expand(path));
    if (exported === undefined) throw new SourceError('missing', 'nothing was exported', 'ENOENT');
    return exported;
  }
  return {
    ...doors,
    platform: 'win32',
    osVersion,
    elevated,
    user,
    now: new Date(),
    async command(argv, { as, stdin, timeoutMs } = {}) {
      if (as === 'user') {
        throw new SourceError('unsupported', 'Windows has no reads as the person', 'unsupported');
      }
      if (argv.includes(exportPath)) {
        const { result, content } = await exportSecurity(argv, { stdin, timeoutMs });
        exported = content;
        return result;
      }
      const [program, ...args] = argv;
      return runHere([program, ...(await Promise.all(args.map(expand)))], { stdin, timeoutMs });
    },
    file: async (path) => Buffer.from(await fileBytes(path)).toString('utf8'),
    fileBytes,
    directory: async (path) => readListed(await expand(path)),
    async systemInformation(name) {
      const { readSystemInformation } = await import('./system-information.ts');
      return readSystemInformation(name);
    },
  };
}
