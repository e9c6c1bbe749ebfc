import { hash, verify } from '@node-rs/argon2';

// argon2id with OWASP's parameters of 2024; they are kept in the hash, so that they can be raised later.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Shorter is refused; longer would only cost the collector time. */
export const passwordLength = { min: 12, max: 200 } as const;

/** A hash to compare with where there is no such person, so that both take equally long. */
let nobody: Promise<string> | undefined;

/** The password as it may be kept: argon2id in PHC form, salted. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Is it this password? Takes the same time where there is none to compare with. */
export async function verifyPassword(password: string, expected: string | null): Promise<boolean> {
  nobody ??= hash('nobody has this password', cost);
  const matches = await verify(expected ?? (await nobody), password);
  return matches && expected !== null;
}
