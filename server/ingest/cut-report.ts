import { checkIds } from '../../shared/checks/index.ts';

/** A full report whose facts have not been read yet. */
export interface CutReport {
  /** The payload without its facts. */
  readonly head: Readonly<Record<string, unknown>>;
  /** What is taken for the JSON text of each check's facts, by check. */
  readonly facts: ReadonlyMap<string, string>;
}

const beforeFacts = ',"facts":{';
const names = checkIds.map((id) => `"${id}":`);

/**
 * Cuts the payload of a full report, written as agents write it (without blanks, the checks in the catalogue's order and at the
 * end), into its head and the text of each check's facts, so that what was read of other laptops need not be read again.
 * Undefined where it is written in another way. A piece that is no JSON by itself was cut in the wrong place: then the payload is
 * to be read whole. Where all pieces are JSON, put together they are the payload, and mean the same.
 */
export function cutReport(payload: string): CutReport | undefined {
  const at = payload.indexOf(beforeFacts);
  if (at < 0 || !payload.endsWith('}}')) return undefined;
  const head = readHead(`${payload.slice(0, at)}}`);
  if (head === undefined || Object.hasOwn(head, 'facts')) return undefined;

  const facts = new Map<string, string>();
  let start = at + beforeFacts.length;
  let check = names.findIndex((name) => payload.startsWith(name, start));
  while (check >= 0) {
    start += names[check]?.length ?? 0;
    let next = check + 1;
    let end = -1;
    for (; next < names.length; next += 1) {
      end = payload.indexOf(`,${names[next]}`, start);
      if (end >= 0) break;
    }
    facts.set(checkIds[check] ?? '', payload.slice(start, end < 0 ? payload.length - 2 : end));
    if (end < 0) return { head, facts };
    start = end + 1;
    check = next;
  }
  return undefined;
}

function readHead(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const head: unknown = JSON.parse(text);
    return typeof head === 'object' && head !== null && !Array.isArray(head)
      ? (head as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
