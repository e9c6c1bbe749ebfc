import { EventEmitter } from 'node:events';
import { CommandError } from '../command-error.ts';
import { openNative } from '../sources/win32/native.ts';
import { dispatchService, NotAService } from '../sources/win32/service-dispatcher.ts';
import { enrolledDirectory } from '../state/directory.ts';
import { serviceName } from '../windows/agent-service.ts';
import { printNothing } from '../windows/no-output.ts';
import { LogFile, logPath } from './log-file.ts';
import { runService, type ServiceOptions } from './loop.ts';

/** How soon an enrollment is noticed. */
const lookEveryMs = 5_000;
/** Whoever enrolls again within it waits that long: a state that only looks enrolled must not be tried all the time. */
const pauseAfterEndMs = 60_000;

const notEnrolledExitCode = 78;

/**
 * The service as Windows' service manager runs it: waits until the machine is enrolled, reports until the enrollment ends, and waits
 * again, until it is told to stop. Throws CommandError where the service manager did not start it.
 */
export async function runManaged(options: Omit<ServiceOptions, 'control'>): Promise<number> {
  const control = new EventEmitter<{ stop: []; resume: [] }>();
  let stopped = false;
  control.once('stop', () => {
    stopped = true;
  });
  const dispatched = await dispatchService(await openNative(), serviceName, {
    stop: () => control.emit('stop'),
    resume: () => control.emit('resume'),
  }).catch((error: unknown) => {
    if (error instanceof NotAService) {
      throw new CommandError(
        'refused',
        'only the service manager starts --managed; try: net start MusterAgent',
      );
    }
    throw error;
  });
  printNothing();
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        control.off('stop', end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      control.once('stop', end);
    });
  let code = 0;
  try {
    while (!stopped) {
      if (enrolledDirectory() !== options.directory) {
        await pause(lookEveryMs);
        continue;
      }
      code = await runService({ ...options, control });
      if (code !== notEnrolledExitCode) break;
      code = 0;
      await pause(pauseAfterEndMs);
    }
  } catch (error) {
    // Its message may quote what was read; the kind of fault cannot.
    const path = logPath();
    if (path !== undefined)
      new LogFile(path).write(`${new Date().toISOString()} the service failed: ${(error as Error).name}`);
    code = 70;
  }
  await dispatched.ended(code);
  return code;
}
