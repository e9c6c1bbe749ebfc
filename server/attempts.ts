/** Failures one name may have in a window before it has to wait, wherever they come from. */
const maxFailures = 10;
const windowMs = 15 * 60_000;
/** Names remembered; the oldest is forgotten first. */
const maxNames = 10_000;

/** Counts failed attempts by name. In memory: after a restart everybody has a clean sheet. */
export interface Attempts {
  /** Must this name wait? The same for names that exist and names that do not. */
  exhausted(name: string, at: Date): boolean;
  /** True when this was the failure that makes the name wait. */
  failed(name: string, at: Date): boolean;
  succeeded(name: string): void;
}

export function countAttempts(): Attempts {
  const failures = new Map<string, { readonly count: number; readonly until: number }>();
  const current = (name: string, at: Date) => {
    const entry = failures.get(name);
    return entry !== undefined && entry.until > at.getTime() ? entry : undefined;
  };
  return {
    exhausted: (name, at) => (current(name, at)?.count ?? 0) >= maxFailures,
    failed(name, at) {
      const count = (current(name, at)?.count ?? 0) + 1;
      failures.delete(name);
      if (failures.size >= maxNames) failures.delete(failures.keys().next().value as string);
      failures.set(name, { count, until: at.getTime() + windowMs });
      return count === maxFailures;
    },
    succeeded(name) {
      failures.delete(name);
    },
  };
}
