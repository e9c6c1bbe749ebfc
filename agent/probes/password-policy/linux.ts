import type { z } from 'zod';
import { type Answer, known, notApplicable } from '../../../shared/answer.ts';
import type { passwordPolicy } from '../../../shared/checks/password-policy.ts';
import { SourceError, type Sources } from '../../probe.ts';
import { type PamFiles, type PamStack, readPamFiles, stacksOf } from '../../readings/linux/pam.ts';
import {
  lockout,
  passwordRules,
  readQualitySettings,
  remembered,
} from '../../readings/linux/password-rules.ts';
import { readAccounts, readShadow, readUidRange } from '../../readings/linux/people.ts';

type Points = typeof passwordPolicy.points;
type Value<Name extends keyof Points> = z.input<Points[Name]['value']>;

/**
 * What PAM enforces for people whose passwords are kept here. A module that no stack calls enforces nothing, whatever its
 * configuration file says.
 */
export const linux = {
  'min-length': (sources: Sources): Promise<Answer<Value<'min-length'>>> =>
    ofPasswordStacks(
      sources,
      async (stack) => {
        const { minLength } = await passwordRules(stack, () => readQualitySettings(sources));
        return { characters: minLength };
      },
      ({ characters }) => characters,
    ),

  complexity: (sources: Sources): Promise<Answer<Value<'complexity'>>> =>
    ofPasswordStacks(
      sources,
      async (stack) => {
        const { classes } = await passwordRules(stack, () => readQualitySettings(sources));
        return { classes };
      },
      ({ classes }) => classes,
    ),

  history: (sources: Sources): Promise<Answer<Value<'history'>>> =>
    ofPasswordStacks(
      sources,
      async (stack) => ({ remembered: await remembered(stack, sources) }),
      (value) => value.remembered,
    ),

  async 'max-age'(sources: Sources): Promise<Answer<Value<'max-age'>>> {
    if (await isManagedElsewhere(sources)) return notApplicable('managed-elsewhere');
    const [accounts, shadow] = await Promise.all([readAccounts(sources), readShadow(sources)]);
    const people = new Set(accounts.flatMap(({ interactive, name }) => (interactive ? [name] : [])));
    const ages = shadow.filter(({ name, password }) => people.has(name) && password === 'set');
    if (ages.length === 0) return notApplicable('no-local-accounts');
    const days = ages.map(({ maxDays }) => maxDays ?? Number.POSITIVE_INFINITY);
    const longest = Math.max(...days);
    return known({ days: Number.isFinite(longest) ? longest : null });
  },

  async lockout(sources: Sources): Promise<Answer<Value<'lockout'>>> {
    const files = await readPamFiles(sources);
    if (await isManagedElsewhere(sources, files)) return notApplicable('managed-elsewhere');
    const limits = await Promise.all(stacksOf(files, 'auth').map((stack) => lockout(stack, sources)));
    // The stack that lets people try most often decides.
    if (limits.includes(null)) return known({ attempts: null });
    const [laxest] = limits.filter((limit) => limit !== null).toSorted((a, b) => b.attempts - a.attempts);
    if (laxest === undefined) throw new SourceError('missing', 'no known PAM stack');
    return known({ attempts: Math.min(laxest.attempts, 100_000), lockSeconds: laxest.lockSeconds });
  },

  hints: async (): Promise<Answer<Value<'hints'>>> => notApplicable('not-on-this-system'),
};

async function ofPasswordStacks<V>(
  sources: Sources,
  read: (stack: PamStack) => Promise<V>,
  strength: (value: V) => number,
): Promise<Answer<V>> {
  const files = await readPamFiles(sources);
  if (await isManagedElsewhere(sources, files)) return notApplicable('managed-elsewhere');
  const values = await Promise.all(stacksOf(files, 'password').map(read));
  const [weakest] = values.toSorted((a, b) => strength(a) - strength(b));
  if (weakest === undefined) throw new SourceError('missing', 'no known PAM stack');
  return known(weakest);
}

/**
 * The person at the screen comes from a directory (SSSD, winbind, LDAP) or from systemd-homed: the rules of that hold, and no PAM
 * file knows them.
 */
async function isManagedElsewhere(sources: Sources, files?: PamFiles): Promise<boolean> {
  const uid = sources.user?.uid;
  const { texts, failure } = files ?? (await readPamFiles(sources));
  const directory = texts.some((text) => /^[^#\n]*\bpam_(sss|winbind|ldap|systemd_home)\.so\b/m.test(text));
  if (uid === undefined || (!directory && failure === undefined)) return false;
  const [accounts, range] = await Promise.all([readAccounts(sources), readUidRange(sources)]);
  const isLocal = accounts.some((account) => account.uid === uid) && (uid === 0 || uid <= range.max);
  // Somebody from elsewhere, and a file nobody could read may be the one that says from where.
  if (!isLocal && !directory && failure !== undefined) throw failure;
  return !isLocal;
}
