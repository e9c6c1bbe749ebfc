import { unparseable } from '../../probe.ts';
import { answered } from './answered.ts';
import type { InSession } from './sessions.ts';

/**
 * `gsettings get SCHEMA KEY` in the person's session: `uint32 300`, `true`, `'remote'`; schema defaults are in the answer
 * already. Throws SourceError, also for `No such schema` and `No such key` (exit code 1).
 */
export async function readSetting(session: InSession, schema: string, key: string): Promise<string> {
  const { stdout } = await answered(session, ['gsettings', 'get', schema, key]);
  const text = stdout.trim();
  if (text === '' || text.includes('\n')) throw unparseable(`gsettings get ${schema} ${key}`);
  return text;
}

/** A boolean key. */
export async function readFlag(session: InSession, schema: string, key: string): Promise<boolean> {
  const text = await readSetting(session, schema, key);
  if (text !== 'true' && text !== 'false') throw unparseable(`gsettings get ${schema} ${key}`);
  return text === 'true';
}

/** A number that is never negative, with or without its type (`uint32 300`, `5`). */
export async function readCount(session: InSession, schema: string, key: string): Promise<number> {
  return parseCount(await readSetting(session, schema, key), `${schema} ${key}`);
}

/** See `readCount`. */
export function parseCount(text: string, what: string): number {
  const match = /^(?:(?:uint|int)(?:16|32|64) )?(\d{1,10})$/.exec(text.trim());
  if (match?.[1] === undefined) throw unparseable(what);
  return Number(match[1]);
}

/** True where an administrator holds the key (a compiled dconf lock): `gsettings writable` says false. */
export async function isHeldByPolicy(session: InSession, schema: string, key: string): Promise<boolean> {
  const { stdout } = await answered(session, ['gsettings', 'writable', schema, key]);
  const text = stdout.trim();
  if (text !== 'true' && text !== 'false') throw unparseable(`gsettings writable ${schema} ${key}`);
  return text === 'false';
}
