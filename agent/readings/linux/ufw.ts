import { type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';
import type { Inbound } from './packet-filter.ts';

/** What ufw says of itself. */
export type Ufw = { readonly active: false } | { readonly active: true; readonly inbound: Inbound };

/** `ufw status verbose`: `Status: active`, `Default: deny (incoming), ...`, then rules. Needs root. Throws SourceError. */
export async function readUfw(sources: Sources): Promise<Ufw> {
  const { stdout } = await answered(sources, ['ufw', 'status', 'verbose']);
  return parseUfw(stdout);
}

/** See `readUfw`. A rule that lets in everything from anywhere opens it, whatever the default. */
export function parseUfw(stdout: string): Ufw {
  const status = /^Status: (active|inactive)\s*$/m.exec(stdout)?.[1];
  if (status === undefined) throw unparseable('ufw status');
  if (status === 'inactive') return { active: false };
  const incoming = /^Default: (deny|reject|allow) \(incoming\)/m.exec(stdout)?.[1];
  if (incoming === undefined) throw unparseable('ufw status');
  const opened = stdout.split('\n').some(letsEverybodyIn);
  return { active: true, inbound: incoming === 'allow' || opened ? 'open' : 'refused' };
}

/** `Anywhere ALLOW IN Anywhere`: a rule that names no port and nobody, also one that is logged. */
export const letsEverybodyIn = (line: string): boolean =>
  /^Anywhere(?: \(v6\))?\s+ALLOW(?: IN)?\s+Anywhere(?: \(v6\))?\s*(?:\(log[^)]*\)\s*)?(?:#.*)?$/.test(line);
