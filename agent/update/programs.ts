import { execFile } from 'node:child_process';
import type { Programs } from './update.ts';

/** Programs of this machine, with nothing of theirs kept but what they print. */
export const programs: Programs = {
  run: (program, args, timeoutMs) =>
    new Promise((resolve) => {
      const options = {
        timeout: timeoutMs,
        killSignal: 'SIGKILL' as const,
        windowsHide: true,
        maxBuffer: 2 ** 24,
      };
      const child = execFile(program, [...args], options, (error, stdout) => {
        resolve({ code: error === null ? 0 : (child.exitCode ?? -1), stdout });
      });
    }),
};
