import { type Answer, known, notApplicable } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { governsNobody } from '../../readings/win32/accounts.ts';
import {
  readFromNetAccounts,
  readFromSecedit,
  readLockoutRules,
  readPasswordRules,
} from '../../readings/win32/password-rules.ts';

/** The rules of this machine hold for its local accounts only; without one, there is nothing to judge here. */
async function whereLocal<T>(sources: Sources, read: () => Promise<T>): Promise<Answer<T>> {
  const nobody = await governsNobody(sources);
  return nobody === false ? known(await read()) : notApplicable(nobody);
}

/** A rule that this reading does not have: go to the next one. */
function present<T>(rule: T | undefined): T {
  if (rule === undefined) throw new SourceError('missing', 'password rules: not in this reading');
  return rule;
}

/** Rules for local accounts. Windows 10 and 11. */
export const win32: PointProbes<'password-policy'> = {
  'min-length': (sources) =>
    whereLocal(sources, async () => ({
      characters: await firstOf(
        async () => (await readPasswordRules(sources)).minLength,
        async () => present((await readFromSecedit(sources)).minLength),
        async () => (await readFromNetAccounts(sources)).minLength,
      ),
    })),
  /** "Complexity" asks for three kinds of characters out of five; only the security database tells. */
  complexity: (sources) =>
    whereLocal(sources, async () => ({
      classes: present((await readFromSecedit(sources)).complexity) ? 3 : 0,
    })),
  'max-age': (sources) =>
    whereLocal(sources, async () => ({
      days: await firstOf(
        async () => (await readPasswordRules(sources)).maxAgeDays,
        async () => present((await readFromSecedit(sources)).maxAgeDays),
        async () => (await readFromNetAccounts(sources)).maxAgeDays,
      ),
    })),
  history: (sources) =>
    whereLocal(sources, async () => ({
      remembered: await firstOf(
        async () => (await readPasswordRules(sources)).history,
        async () => present((await readFromSecedit(sources)).history),
        async () => (await readFromNetAccounts(sources)).history,
      ),
    })),
  lockout: (sources) =>
    whereLocal(sources, () =>
      firstOf(
        () => readLockoutRules(sources),
        async () => present((await readFromSecedit(sources)).lockout),
        async () => (await readFromNetAccounts(sources)).lockout,
      ),
    ),
  hints: async () => notApplicable('not-on-this-system'),
};
