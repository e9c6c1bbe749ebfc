import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { type Answer, answerSchema } from '../../shared/answer.ts';
import type { Check, Point, Privilege } from '../../shared/check.ts';
import { type CheckId, checks } from '../../shared/checks/index.ts';
import type { Facts } from '../../shared/facts.ts';
import type { Sources } from '../probe.ts';
import { maxAnswerBytes, socketPath } from './path.ts';

/** All answers together; a service that takes longer is not waited for. */
const patienceMs = 1_000;
/** What the service saw longer ago decides nothing. */
const maxAgeMs = 3 * 86_400_000;

/** Facts, some of them the service's, and which those are: by `check/point`, when the service saw it. */
export interface MergedFacts {
  readonly facts: Facts;
  readonly seenByService: ReadonlyMap<string, Date>;
}

const needsRights = (privilege: Privilege | undefined) =>
  privilege === 'root' || privilege === 'full-disk-access';

/** Whether a complete answer to a point needs more rights than an ordinary user has. */
export function isPrivileged(check: CheckId, point: string, platform: Sources['platform']): boolean {
  const definition = (checks[check].points as Record<string, Point>)[point];
  return needsRights(definition?.privilege[platform]);
}

/**
 * Fills what could not be told for want of rights with what the service saw last, where there is a service. Everything that was
 * read stays as it was read. Never throws: without a service, nothing changes.
 */
export async function withServiceAnswers(
  facts: Facts,
  { platform, now }: Pick<Sources, 'platform' | 'now'>,
  path = socketPath(),
): Promise<MergedFacts> {
  const dark = darkPoints(facts, platform);
  const seenByService = new Map<string, Date>();
  if (dark.size === 0 || !isService(path)) return { facts, seenByService };
  const merged: Record<string, Record<string, Answer<unknown>>> = {};
  await Promise.all(
    [...dark].map(async ([check, points]) => {
      const answer = understood(await ask(path, check), check, now);
      if (answer === undefined) return;
      for (const point of points) {
        const value = answer.points[point];
        if (value === undefined) continue;
        merged[check] = { ...(merged[check] ?? facts[check]), [point]: value };
        seenByService.set(`${check}/${point}`, answer.takenAt);
      }
    }),
  );
  return { facts: { ...facts, ...merged }, seenByService };
}

function darkPoints(facts: Facts, platform: Sources['platform']): Map<CheckId, string[]> {
  const dark = new Map<CheckId, string[]>();
  for (const [check, answers] of Object.entries(facts) as [CheckId, Record<string, Answer<unknown>>][]) {
    const points = Object.entries(answers).flatMap(([point, answer]) => {
      const isDark = 'unknown' in answer && (answer.unknown === 'denied' || answer.unknown === 'missing');
      return isDark && isPrivileged(check, point, platform) ? [point] : [];
    });
    if (points.length > 0) dark.set(check, points);
  }
  return dark;
}

/** Only root can have put a socket there, else it is not believed. Windows keeps the name for administrators by itself. */
function isService(path: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    const socket = lstatSync(path);
    const folder = lstatSync(dirname(path));
    return socket.isSocket() && socket.uid === 0 && folder.uid === 0 && (folder.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** One question, one line. undefined where none came, in time and of sensible length. */
function ask(path: string, check: CheckId): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(path, () => socket.write(`${check}\n`));
    const end = (answer: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => end(undefined), patienceMs);
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const lineEnd = text.indexOf('\n');
      if (lineEnd >= 0) end(text.slice(0, lineEnd));
      else if (text.length > maxAnswerBytes) end(undefined);
    });
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
  });
}

interface Understood {
  readonly takenAt: Date;
  readonly points: Readonly<Record<string, Answer<unknown>>>;
}

/** The answer as far as it fits the catalogue; undefined for anything else, and for one that is too old or from the future. */
export function understood(line: string | undefined, check: CheckId, now: Date): Understood | undefined {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(line ?? '') as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (json?.['schema'] !== 'muster.answer/1' || json['check'] !== check) return undefined;
  const takenAt = new Date(String(json['takenAt']));
  const age = now.getTime() - takenAt.getTime();
  // A minute of tolerance: the service may have looked while this check was under way.
  if (Number.isNaN(age) || age > maxAgeMs || age < -60_000) return undefined;
  const given = json['points'];
  if (typeof given !== 'object' || given === null) return undefined;
  const points: Record<string, Answer<unknown>> = {};
  for (const [name, point] of Object.entries((checks[check] as Check).points)) {
    if (!Object.hasOwn(given, name)) continue;
    const answer = answerSchema(point.value).safeParse((given as Record<string, unknown>)[name]);
    if (answer.success && !('unknown' in answer.data)) points[name] = answer.data as Answer<unknown>;
  }
  return { takenAt, points };
}
