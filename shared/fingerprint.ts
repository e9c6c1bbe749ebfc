/**
 * Tells whether facts were read for the same list of names as the policy has now, without repeating the names: FNV-1a, 32
 * bits, over the sorted names. Not a secret and not for security.
 */
export function fingerprint(names: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const unit of [...new Set(names)].toSorted().join('\n')) {
    hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
