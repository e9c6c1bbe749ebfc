/** Deeper than anything that means something; what JSON.parse reads without a word may fill the stack of whoever goes through it. */
const maxDepth = 64;

const tooDeep = () => new SyntaxError('nested too deeply');

/**
 * JSON with sorted keys and without blanks, so that equal values have equal bytes on every system. Undefined members are
 * left out; the input must be plain JSON data. Throws SyntaxError where it is nested too deeply; `depth` says how deeply it lies already.
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth >= maxDepth) throw tooDeep();
  if (Array.isArray(value)) return `[${value.map((member) => canonicalJson(member, depth + 1)).join(',')}]`;
  // Written with loops: every report passes through here, at both ends.
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(member, depth + 1)}`;
  }
  return `{${members}}`;
}

/** Throws SyntaxError where `canonicalJson` would. */
export function refuseDeeplyNested(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= maxDepth) throw tooDeep();
  for (const member of Object.values(value)) refuseDeeplyNested(member, depth + 1);
}
