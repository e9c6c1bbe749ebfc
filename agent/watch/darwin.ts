import { type ChildProcess, spawn } from 'node:child_process';
import type { Signal } from './signal.ts';

const restartMs = 60_000;

/**
 * `diskutil activity` prints a line for everything that happens to disks until it is stopped (macOS 12 to 27, any user). Only that
 * something happened is of interest: the lines carry names of volumes and are not kept. Should it end, it is started again after
 * a minute.
 */
export function watchDisks(
  changed: () => void,
  program: readonly [string, ...string[]] = ['/usr/sbin/diskutil', 'activity'],
): Signal {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const start = () => {
    child = spawn(program[0], program.slice(1), { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' });
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-4_096);
      if (lines.some(tellsOfMount)) changed();
    });
    const ended = () => {
      child = undefined;
      // What happened until it runs again is seen by looking once more.
      if (!stopped && timer === undefined) {
        timer = setTimeout(() => {
          timer = undefined;
          start();
          changed();
        }, restartMs);
      }
    };
    child.once('error', ended);
    child.once('exit', ended);
  };
  start();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      child?.kill('SIGTERM');
    },
  };
}

/** `***DiskDescriptionChanged ('disk4s1', DAVolumePath = 'file:///Volumes/...') Time=...`: mounted, unmounted, or gone. */
export function tellsOfMount(line: string): boolean {
  return /^\*{3}Disk(?:DescriptionChanged|MountApproval|Appeared|Disappeared)\b/.test(line);
}
