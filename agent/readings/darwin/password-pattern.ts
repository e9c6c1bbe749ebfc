/** Kinds of characters a rule can ask for; `letter` = of either case. */
export type CharacterClass = 'upper' | 'lower' | 'letter' | 'digit' | 'special';

/** The regular expressions of a condition: `policyAttributePassword matches '.{8,}'`, several joined by AND. */
function patternsOf(content: string): string[] {
  const parts = content.trim().split(/\s+AND\s+/);
  const patterns = parts.map((part) => {
    const bare = part.replace(/^\((.*)\)$/, '$1');
    return /^policyAttributePassword matches (?:'([^']*)'|"([^"]*)")$/i.exec(bare);
  });
  // Anything else in the condition (OR, NOT, a comparison) may take the rule back.
  if (!patterns.every((pattern) => pattern !== null)) return [];
  return patterns.map((pattern) => pattern?.[1] ?? pattern?.[2] ?? '');
}

/** A pattern taken apart: what its positive lookaheads ask for, and what is left; undefined = brackets do not match. */
function lookaheads(pattern: string): { ahead: string[]; rest: string } | undefined {
  const ahead: string[] = [];
  let rest = pattern.replace(/^\^/, '').replace(/\$$/, '');
  while (rest.startsWith('(?=') || rest.startsWith('(?!')) {
    let depth = 0;
    let end = -1;
    for (let at = 0; at < rest.length && end < 0; at++) {
      if (rest[at] === '(') depth += 1;
      else if (rest[at] === ')') {
        depth -= 1;
        if (depth === 0) end = at;
      }
    }
    if (end < 0) return undefined;
    if (rest.startsWith('(?=')) ahead.push(rest.slice(3, end));
    rest = rest.slice(end + 1);
  }
  return { ahead, rest };
}

/** `.{12,}`, `.{12,}+`, `.{12,64}` ask for length and nothing else. */
const length = /^\.\{(\d{1,4}),\d{0,4}\}\+?\$?$/;

/**
 * The number of characters a condition asks for; 0 = it is not a pure length rule. The number of a lockout rule or of a rule
 * for kinds of characters is none.
 */
export function lengthOf(content: string): number {
  const lengths = patternsOf(content).flatMap((pattern) => {
    const parts = lookaheads(pattern);
    return parts === undefined ? [] : [parts.rest, ...parts.ahead].map((part) => length.exec(part)?.[1]);
  });
  return Math.max(0, ...lengths.map((value) => Number(value ?? 0)));
}

function classOf(set: string): CharacterClass | undefined {
  if (set === '[0-9]' || set === '\\d') return 'digit';
  if (set === '[A-Z]') return 'upper';
  if (set === '[a-z]') return 'lower';
  if (set === '[a-zA-Z]' || set === '[A-Za-z]') return 'letter';
  if (/^\[\^(?:a-z|A-Z|0-9|\\s|\s){3,5}\]$/.test(set) || set === '\\W') return 'special';
  return /^\[[^^A-Za-z0-9][^A-Za-z0-9]*\]$/.test(set) ? 'special' : undefined;
}

/** `(.*[A-Z].*){1,}+`, `.*[0-9]`, `(.*\d){2,}`: at least one character of the set somewhere. */
const somewhere = /^\(?(?:\.\*)?(\[(?:\\.|[^\]\\])+\]|\\[dW])(?:\.\*)?\)?(?:\{(\d{1,4}),\d{0,4}\}\+?)?\$?$/;

/**
 * The kinds of characters a condition asks for. The expression counts, not the names beside it: one Mac calls the same
 * number `minimumAlphaCharacters` where another says `minimumAlphaCharactersUpperCase`.
 */
export function classesOf(content: string): ReadonlySet<CharacterClass> {
  const classes = new Set<CharacterClass>();
  for (const pattern of patternsOf(content)) {
    const parts = lookaheads(pattern);
    if (parts === undefined) continue;
    for (const part of [parts.rest, ...parts.ahead]) {
      const match = somewhere.exec(part);
      if (match?.[1] === undefined || match[2] === '0') continue;
      // Without `.*` around it the set would be the whole password.
      if (!part.includes('.*')) continue;
      const found = classOf(match[1]);
      if (found) classes.add(found);
    }
  }
  return classes;
}
