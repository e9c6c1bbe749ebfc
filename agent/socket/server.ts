import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { readAnswers } from '../state/answers.ts';
import { maxRequestBytes, socketPath } from './path.ts';

/** More callers at a time are turned away. */
const maxCallers = 16;
/** A caller that has not asked after this long is gone. */
const patienceMs = 1_000;
/** So many questions at once, and so many more a second: a person with all checks asks some thirty. */
const burst = 120;
const perSecond = 10;

const request = /^[a-z][a-z0-9-]{0,39}$/;

export interface SocketServer {
  close(): void;
}

/**
 * Answers ordinary users of this machine: one line with the id of a check, and back comes one line with what the last run found for
 * its points that need the service's rights, and when. It understands nothing else and starts nothing. Throws where it cannot
 * listen.
 */
export async function serveAnswers(directory: string, path = socketPath()): Promise<SocketServer> {
  const allowance = rateLimit(burst, perSecond);
  const server = createServer({ pauseOnConnect: false }, (socket) => answer(socket, directory, allowance));
  server.maxConnections = maxCallers;
  await listen(server, path);
  server.on('error', () => {
    // Too many open files, at most: the next caller may be luckier, and nothing else here depends on it.
  });
  return { close: () => server.close() };
}

function answer(socket: Socket, directory: string, allowed: () => boolean): void {
  let text = '';
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  socket.on('close', () => clearTimeout(timer));
  // A caller that hangs up early is no fault.
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= maxRequestBytes) return;
    socket.removeAllListeners('data').pause();
    const check = text.slice(0, Math.max(end, 0));
    // No word to those who ask for something else, or too much.
    if (!request.test(check) || !allowed()) socket.destroy();
    else socket.end(`${JSON.stringify(answerTo(check, directory))}\n`, () => socket.destroySoon());
  });
}

function answerTo(check: string, directory: string) {
  const kept = readAnswers(directory);
  const points = kept !== undefined && Object.hasOwn(kept.checks, check) ? kept.checks[check] : {};
  return { schema: 'muster.answer/1', check, takenAt: kept?.takenAt ?? null, points };
}

/** True as long as there were not too many; forgets at `perSecond`. */
export function rateLimit(most: number, perSecond: number, now: () => number = Date.now): () => boolean {
  let left = most;
  let last = now();
  return () => {
    const time = now();
    left = Math.min(most, left + (Math.max(0, time - last) / 1_000) * perSecond);
    last = time;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}

async function listen(server: Server, path: string): Promise<void> {
  if (process.platform !== 'win32') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    await removeLeftover(path);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: maxCallers, readableAll: true, writableAll: true }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  if (process.platform !== 'win32') chmodSync(path, 0o666);
}

/** A socket nobody listens at is what a crash left behind. Throws where somebody does. */
async function removeLeftover(path: string): Promise<void> {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about === undefined || !about.isSocket()) return;
  const listened = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.setTimeout(patienceMs, () => resolve(true));
    void socket.unref();
  });
  if (listened) throw new Error('another service listens already');
  rmSync(path, { force: true });
}
