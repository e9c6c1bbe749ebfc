import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { printRow } from './measure.ts';

/** Asks the service what an ordinary user would, and hangs up rudely every other time. */
async function call(path: string, times: number): Promise<void> {
  for (let number = 0; number < times; number += 1) {
    await new Promise<void>((resolve) => {
      const socket = connect(path, () => (number % 2 === 0 ? socket.write('firewall\n') : socket.destroy()));
      socket.on('data', () => {});
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  }
}

/** What callers leave behind in the service: nothing, once its heap has found its size. */
export async function benchCallers(path: string, pid: number): Promise<void> {
  if (!existsSync(path)) return;
  const resident = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Rss:\s+(\d+)/m.exec(text)?.[1]) / 1024;
  };
  await call(path, 10_000);
  const before = await resident();
  await call(path, 10_000);
  const growth = (await resident()) - before;
  printRow('resident after 10,000 callers', `${before.toFixed(1)} MiB`);
  printRow('growth by 10,000 more', `${growth.toFixed(1)} MiB`, 'at most 2 MiB', growth <= 2);
}
