/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seeds to try: `MUSTER_SEED` alone, else as many as `MUSTER_SEEDS` says, else 200 in CI and `otherwise` elsewhere. */
export function seedsToTry(otherwise: number): readonly number[] {
  const only = process.env['MUSTER_SEED'];
  if (only !== undefined) return [Number(only)];
  const count = Number(process.env['MUSTER_SEEDS'] ?? (process.env['CI'] === undefined ? otherwise : 200));
  return Array.from({ length: count }, (_, index) => index + 1);
}
