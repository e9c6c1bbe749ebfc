import { canonicalJson } from '../../shared/canonical.ts';
import type { JudgeContext } from '../../shared/check.ts';
import { type CheckId, checkIds } from '../../shared/checks/index.ts';
import { type Facts, peerCheckFacts } from '../../shared/facts.ts';
import { type Finding, judgeCheck } from '../../shared/judge.ts';
import type { Policy } from '../../shared/policy.ts';

/** So many different things said of a check are remembered; what is said most comes back soon after. */
const maxKnown = 20_000;
/** And for each so many kinds of machine under so many policies. */
const maxPlaces = 200;

type CheckFacts = NonNullable<Facts[CheckId]>;

interface KnownCheck {
  /** Undefined where it is nothing this check could say. */
  readonly facts: CheckFacts | undefined;
  readonly canonical: string;
}

/** Facts of a report, read check by check. */
export interface ReadFacts {
  readonly facts: Facts;
  /** Canonical JSON of the facts as they were sent. */
  readonly canonical: string;
}

/**
 * Thousands of laptops say the same few things of a check. What was read, put in canonical form and judged once need not be
 * again: the text is the key, so nothing is taken for something else.
 */
export function knownFacts() {
  const checks = new Map<string, KnownCheck>();
  let judgements = new WeakMap<CheckFacts, Map<number, Finding>>();
  /** Kinds of machine under a policy, by number. */
  const places = new Map<string, number>();
  let judgedOn = '';
  const policies = new WeakMap<Policy, number>();
  let policyCount = 0;

  function readCheck(id: CheckId, value: unknown): KnownCheck {
    const key = `${id} ${JSON.stringify(value)}`;
    const known = checks.get(key);
    if (known !== undefined) return known;
    const parsed = peerCheckFacts(id).safeParse(value);
    const read = { facts: parsed.success ? parsed.data : undefined, canonical: canonicalJson(value) };
    if (checks.size >= maxKnown) checks.clear();
    checks.set(key, read);
    return read;
  }

  return {
    /** Undefined where a check says something it cannot say. Checks this build does not know count for the digest only. */
    read(given: Readonly<Record<string, unknown>>): ReadFacts | undefined {
      const facts: Record<string, CheckFacts> = {};
      let canonical = '';
      for (const id of Object.keys(given).sort()) {
        let text: string;
        if (checkNumbers.has(id)) {
          const check = readCheck(id as CheckId, given[id]);
          if (check.facts === undefined) return undefined;
          facts[id] = check.facts;
          text = check.canonical;
        } else {
          text = canonicalJson(given[id]);
        }
        canonical += `${canonical === '' ? '' : ','}${JSON.stringify(id)}:${text}`;
      }
      return { facts: facts as Facts, canonical: `{${canonical}}` };
    },

    /**
     * Judges as `judgeCheck` does, for one device at one moment. The same facts by the same policy on the same kind of machine
     * are judged once a day: no check asks for the time of day.
     */
    judging(policy: Policy, context: JudgeContext): (id: CheckId, facts: CheckFacts) => Finding {
      const day = context.now.toISOString().slice(0, 10);
      if (day !== judgedOn) {
        judgements = new WeakMap();
        judgedOn = day;
      }
      let version = policies.get(policy);
      if (version === undefined) {
        policyCount += 1;
        version = policyCount;
        policies.set(policy, version);
      }
      const name = `${version} ${context.clockSkewSeconds ?? 0} ${JSON.stringify(context.machine)}`;
      let place = places.get(name);
      if (place === undefined) {
        if (places.size >= maxKnown) {
          places.clear();
          judgements = new WeakMap();
        }
        place = places.size;
        places.set(name, place);
      }
      const first = place * checkIds.length;
      return (id, facts) => {
        // Two checks of which nothing was said have the same facts.
        const key = first + (checkNumbers.get(id) ?? 0);
        let byPlace = judgements.get(facts);
        const known = byPlace?.get(key);
        if (known !== undefined) return known;
        const finding = judgeCheck(id, facts, policy, context);
        if (byPlace === undefined || byPlace.size >= maxPlaces) {
          byPlace = new Map();
          judgements.set(facts, byPlace);
        }
        byPlace.set(key, finding);
        return finding;
      };
    },
  };
}

const checkNumbers: ReadonlyMap<string, number> = new Map(checkIds.map((id, index) => [id, index]));
