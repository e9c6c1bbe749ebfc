import type { Origin } from '../../../shared/answer.ts';
import { type Sources, unparseable } from '../../probe.ts';
import { linesOf } from './lines.ts';
import { classesOf, lengthOf } from './password-pattern.ts';
import {
  dictionaryOf,
  isDictionary,
  listIn,
  numberIn,
  type PropertyListDictionary,
  parsePropertyList,
  textIn,
} from './property-list.ts';

/** One rule of the account policies: its condition, its numbers and who made it. */
export interface AccountRule {
  readonly content: string;
  readonly parameters: PropertyListDictionary;
  readonly origin: Origin | undefined;
}

const what = 'pwpolicy';
const categories = [
  'policyCategoryPasswordContent',
  'policyCategoryAuthentication',
  'policyCategoryPasswordChange',
];

function ruleOf(rule: PropertyListDictionary): AccountRule {
  const identifier = textIn(rule, 'policyIdentifier') ?? '';
  const parameters = rule['policyParameters'];
  return {
    content: textIn(rule, 'policyContent') ?? '',
    parameters: isDictionary(parameters) ? parameters : {},
    origin: identifier.startsWith('ProfilePayload:')
      ? 'policy'
      : identifier.startsWith('com.apple.defaultpasswordpolicy')
        ? 'default'
        : undefined,
  };
}

/**
 * Reads `pwpolicy -getaccountpolicies`: a header line (`Getting global account policies`), then a property list. "No global
 * account policies have been set." and an empty list are answers: no rules. Every Mac carries Apple's own four character
 * rule, which is no organization's. macOS 12 to 27, root. Throws SourceError.
 */
export function parseAccountPolicies(stdout: Uint8Array, stderr = ''): readonly AccountRule[] {
  const text = new TextDecoder().decode(stdout);
  const none = 'No global account policies have been set.';
  if (!/<\?xml|<plist/.test(text) && [...linesOf(text), ...linesOf(stderr)].includes(none)) return [];
  const policies = dictionaryOf(parsePropertyList(stdout));
  return categories.flatMap((category) => (listIn(policies, category) ?? []).map(dictionaryOf).map(ruleOf));
}

/** The rules in force for all local accounts. Throws SourceError. */
export async function accountPolicies(sources: Sources): Promise<readonly AccountRule[]> {
  const { stdoutBytes, stderr } = await sources.command(['/usr/bin/pwpolicy', '-getaccountpolicies']);
  return parseAccountPolicies(stdoutBytes, stderr);
}

/** Numbers of all rules for one attribute, whole or real; zero and less set no rule. */
function numbersFor(
  rules: readonly AccountRule[],
  attribute: string,
): { rule: AccountRule; value: number }[] {
  return rules.flatMap((rule) => {
    const value = numberIn(rule.parameters, attribute);
    return value === undefined || value <= 0 ? [] : [{ rule, value: Math.ceil(value) }];
  });
}

/** The longest minimum any pure length rule asks for, and who asks; 0 = no such rule. */
export function minimumLength(rules: readonly AccountRule[]): {
  characters: number;
  origin?: Origin | undefined;
} {
  let longest: { characters: number; origin?: Origin | undefined } = { characters: 0, origin: 'default' };
  for (const rule of rules) {
    const characters = lengthOf(rule.content);
    if (characters > longest.characters) longest = { characters, origin: rule.origin };
  }
  return longest;
}

/** How many kinds of characters all rules together ask for. Letters of either case are one kind. */
export function requiredClasses(rules: readonly AccountRule[]): number {
  const classes = new Set(rules.flatMap((rule) => [...classesOf(rule.content)]));
  if (classes.has('upper') || classes.has('lower')) classes.delete('letter');
  return classes.size;
}

/** Days until a password expires; null = never. The strictest rule counts: all must hold. */
export function expiryDays(rules: readonly AccountRule[]): number | null {
  const days = numbersFor(rules, 'policyAttributeExpiresEveryNDays').map(({ value }) => value);
  return days.length === 0 ? null : Math.min(...days);
}

/** Old passwords that are refused. */
export function historyDepth(rules: readonly AccountRule[]): number {
  return Math.max(0, ...numbersFor(rules, 'policyAttributePasswordHistoryDepth').map(({ value }) => value));
}

/** Wrong tries before the account is locked, and for how long (null = for good); attempts null = no limit. */
export function lockout(rules: readonly AccountRule[]): {
  attempts: number | null;
  lockSeconds?: number | null;
  origin?: Origin | undefined;
} {
  const limits = numbersFor(rules, 'policyAttributeMaximumFailedAuthentications');
  if (limits.length === 0) return { attempts: null, origin: 'default' };
  const attempts = Math.min(...limits.map(({ value }) => value));
  const strictest = limits.filter(({ value }) => value === attempts).map(({ rule }) => rule);
  const resets = strictest.map(({ parameters }) => numberIn(parameters, 'autoEnableInSeconds'));
  const lockSeconds = resets.includes(undefined) ? null : Math.max(...resets.map((seconds) => seconds ?? 0));
  if (lockSeconds !== null && !(lockSeconds >= 0)) throw unparseable(what);
  const origin = strictest.some((rule) => rule.origin === 'policy') ? ('policy' as const) : undefined;
  return { attempts, lockSeconds: lockSeconds === null ? null : Math.floor(lockSeconds), origin };
}
