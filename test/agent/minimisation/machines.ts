import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Read, Recording } from '../../../agent/sources/recording.ts';
import { platforms } from '../../../shared/answer.ts';
import type { Canaries } from './canary.ts';

const root = join(import.meta.dirname, '../../fixtures');

type Cases = readonly (readonly Recording[])[];

/** Every fixture, by system and check. */
function readCases(): ReadonlyMap<string, Cases> {
  return new Map(
    platforms.map((platform) => {
      const checks = readdirSync(join(root, platform));
      const cases = checks.map((check) =>
        readdirSync(join(root, platform, check)).map((name) => {
          const text = readFileSync(join(root, platform, check, name), 'utf8');
          return Recording.parse((JSON.parse(text) as { recording: unknown }).recording);
        }),
      );
      return [platform, cases];
    }),
  );
}

let read: ReadonlyMap<string, Cases> | undefined;

/** What says which system this is stays as it is: its name and version are what a report tells. */
const systemItself = /os-release|SystemVersion|Windows NT.{1,4}CurrentVersion"|sw_vers/i;

/**
 * A whole machine: for each check what one of its fixtures read, in random order, with what a person, a host and a network are called
 * strewn over all that was read: in place of words and values, as lines, values, columns, names of files and accounts.
 */
export function makeMachine(number: number, random: () => number, canaries: Canaries): Recording {
  read ??= readCases();
  const platform = platforms[number % platforms.length] ?? 'linux';
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const chosen = (read.get(platform) ?? []).map((cases) => pick(cases)).toSorted(() => random() - 0.5);
  const reads = chosen.flatMap((recording) => recording.reads);
  const [first] = chosen;
  if (first === undefined) throw new Error(`no fixtures for ${platform}`);
  const all = Object.values(canaries);
  const chance = (of: number) => random() < of;
  /** `203.0.113.9` is a version as good as any, and no field could tell: no address is put where a version was. */
  const instead = (original: unknown) => {
    const chosen = pick(all);
    return chosen === canaries.ipv4 && /^\D{0,2}\d+[.:~-]/.test(String(original)) ? canaries.ssid : chosen;
  };

  const inText = (text: string): string => {
    if (/^\s*[{[]/.test(text)) {
      try {
        return JSON.stringify(inValue(JSON.parse(text)));
      } catch {
        // Only looks like JSON.
      }
    }
    const lines = text.split('\n').map((line) => {
      const plain = line
        .replaceAll(/\/(home|Users)\/user\b/g, `/$1/${canaries.user}`)
        .replaceAll(/<string>([^<]*)<\/string>/g, (whole, text: string) =>
          chance(0.1) ? `<string>${instead(text)}</string>` : whole,
        );
      if (!chance(0.06)) return plain;
      const words = plain.split(/(?<=\s)|(?=\s)/);
      const at = Math.floor(random() * words.length);
      words[at] = instead(words[at]);
      return words.join('');
    });
    if (chance(0.3)) lines.splice(Math.floor(random() * lines.length), 0, pick(all));
    if (chance(0.1)) lines.push(`${pick(all)}=${pick(all)}`, '');
    return lines.join('\n');
  };
  const inValue = (value: unknown): unknown => {
    if (typeof value === 'string') return chance(0.08) ? instead(value) : value;
    if (Array.isArray(value)) return chance(0.05) ? [...value.map(inValue), pick(all)] : value.map(inValue);
    if (typeof value !== 'object' || value === null) return value;
    const changed = Object.entries(value).map(([name, member]): [string, unknown] => [name, inValue(member)]);
    return Object.fromEntries(chance(0.2) ? [...changed, [pick(all), pick(all)]] : changed);
  };
  const inRead = (one: Read): Read => {
    if (systemItself.test(JSON.stringify(one).slice(0, 200)) || 'error' in one) return one;
    const changed: Record<string, unknown> = { ...one };
    for (const name of ['stdout', 'stderr', 'content'] as const) {
      const text = changed[name];
      if (typeof text === 'string') changed[name] = inText(text);
    }
    for (const name of ['entries', 'values', 'subkeys', 'rows', 'result'] as const) {
      if (name in changed)
        changed[name] = name === 'values' ? inRegistry(changed[name]) : inValue(changed[name]);
    }
    return changed as Read;
  };
  const inRegistry = (values: unknown): unknown => {
    const changed = Object.entries(values as Record<string, { type: string; data: unknown }>).map(
      ([name, value]) =>
        [
          name,
          value.type === 'REG_SZ' && chance(0.1) ? { ...value, data: instead(value.data) } : value,
        ] as const,
    );
    return Object.fromEntries([...changed, [pick(all), { type: 'REG_SZ', data: pick(all) }]]);
  };
  return { ...first, recordedAt: new Date().toISOString(), reads: reads.map(inRead) };
}
