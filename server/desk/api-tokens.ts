import type { Permission } from '../permissions.ts';
import type { Stores } from '../storage/stores.ts';
import type { User } from '../storage/users.ts';
import { Refusal } from './refusal.ts';

/**
 * Makes a token for programs; it is in the answer and nowhere else. `may` is what whoever makes it may do in the organization: a
 * token gets no more. Throws Refusal.
 */
export async function makeToken(
  { apiTokens }: Pick<Stores, 'apiTokens'>,
  organization: number,
  given: { readonly name: string; readonly scopes: readonly Permission[]; readonly days: number },
  maker: { readonly user: User; readonly may: readonly Permission[] },
  at: Date,
): Promise<{ readonly token: string; readonly id: string; readonly expiresAt: Date }> {
  const scopes = [...new Set(given.scopes)];
  if (scopes.length === 0) {
    const words = 'Choose at least one thing it may do.';
    throw new Refusal(words, { scopes: words });
  }
  if (scopes.some((scope) => !maker.may.includes(scope))) {
    const words = 'A token can do no more than whoever makes it.';
    throw new Refusal(words, { scopes: words });
  }
  const expiresAt = new Date(at.getTime() + given.days * 86_400_000);
  const made = await apiTokens.create({ organization, name: given.name, scopes, expiresAt }, maker.user, at);
  return { ...made, expiresAt };
}
