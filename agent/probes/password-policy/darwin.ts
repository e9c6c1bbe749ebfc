import { type Answer, known, notApplicable } from '../../../shared/answer.ts';
import { type PointProbe, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import {
  type AccountRule,
  accountPolicies,
  expiryDays,
  historyDepth,
  lockout,
  minimumLength,
  requiredClasses,
} from '../../readings/darwin/account-policies.ts';
import { accounts } from '../../readings/darwin/accounts.ts';
import { linesOf, wholeText } from '../../readings/darwin/lines.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import { consoleUser } from '../../readings/darwin/person.ts';
import { numberIn, readPropertyList } from '../../readings/darwin/property-list.ts';
import { told } from '../../readings/darwin/told.ts';

/** When everyone who can sign in comes from a directory, the rules are the directory's; a mixed Mac is judged by its own. */
async function ruledElsewhere(sources: Sources): Promise<boolean> {
  const people = await told(accounts(sources));
  return people !== undefined && people.length > 0 && people.every(({ directory }) => directory);
}

function ruled<T>(answer: (rules: readonly AccountRule[]) => Answer<T>): PointProbe<T, unknown> {
  return async (sources) => {
    if (await ruledElsewhere(sources)) return notApplicable('managed-elsewhere');
    return answer(await accountPolicies(sources));
  };
}

/**
 * Whether an account has a hint: second column of `dscl . -list /Users hint`, one line an account. Root, macOS 12 to 27.
 * Throws SourceError.
 */
export function parseHints(stdout: string, exitCode: number, people: readonly string[]): boolean {
  const lines = linesOf(wholeText(stdout, 'dscl')).map((line) => /^(\S+)(\s+\S.*)?$/.exec(line));
  // A list in which none of the people here stands is not theirs.
  const known = lines.some((line) => people.includes(line?.[1] ?? ''));
  if (exitCode !== 0 || !known || lines.includes(null)) throw unparseable('dscl');
  return lines.some((line) => line?.[2] !== undefined);
}

/** Names to find in that list: the accounts of people, or at least who is at the screen. */
async function peopleHere(sources: Sources): Promise<readonly string[]> {
  const people = await told(accounts(sources));
  if (people !== undefined) return people.map(({ name }) => name);
  const person = await consoleUser(sources);
  return person === null ? [] : [person.name];
}

function retries(value: number | undefined): number | undefined {
  if (value !== undefined && (!Number.isInteger(value) || value < 0)) throw unparseable('RetriesUntilHint');
  return value;
}

/** Wrong tries until a hint is shown; 0 = never, undefined = not set, for which Apple documents no default. */
async function retriesUntilHint(sources: Sources): Promise<{ tries: number | undefined; managed: boolean }> {
  const managed = retries(await managedValue(sources, 'com.apple.loginwindow', 'RetriesUntilHint', numberIn));
  if (managed !== undefined) return { tries: managed, managed: true };
  const list = await readPropertyList(sources, '/Library/Preferences/com.apple.loginwindow.plist');
  return { tries: list && retries(numberIn(list, 'RetriesUntilHint')), managed: false };
}

async function hints(sources: Sources): Promise<Answer<{ shown: boolean }>> {
  if (await ruledElsewhere(sources)) return notApplicable('managed-elsewhere');
  const setting = await told(retriesUntilHint(sources));
  if (setting?.tries === 0) return known({ shown: false }, setting.managed ? 'policy' : 'user');
  const { stdout, exitCode } = await sources.command(['/usr/bin/dscl', '.', '-list', '/Users', 'hint']);
  // Nobody has a hint: there is nothing to show.
  if (!parseHints(stdout, exitCode, await peopleHere(sources))) return known({ shown: false });
  if (setting?.tries !== undefined) return known({ shown: true }, setting.managed ? 'policy' : 'user');
  await retriesUntilHint(sources);
  throw new SourceError('missing', 'RetriesUntilHint is not set', 'not-set');
}

export const darwin: PointProbes<'password-policy'> = {
  'min-length': ruled((rules) => {
    const { characters, origin } = minimumLength(rules);
    return known({ characters }, origin);
  }),
  complexity: ruled((rules) => known({ classes: requiredClasses(rules) })),
  'max-age': ruled((rules) => known({ days: expiryDays(rules) })),
  history: ruled((rules) => known({ remembered: historyDepth(rules) })),
  lockout: ruled((rules) => {
    const { origin, ...limit } = lockout(rules);
    return known(limit, origin);
  }),
  hints,
};
