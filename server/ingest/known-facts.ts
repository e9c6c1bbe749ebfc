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
  /** Its member of the canonical JSON, with a comma before it. */
  readonly member: Buffer;
}

/** Facts of a report, read check by check. */
export interface ReadFacts {
  readonly facts: Facts;
  /** Canonical JSON of the facts as they were sent, in UTF-8. */
  readonly canonical: Buffer;
}

/**
 * Thousands of laptops say the same few things of a check. What was read, put in canonical form and judged once need not be
 * again: the text is the key, so nothing is taken for something else.
 */
export function knownFacts() {
  const checks = new Map<CheckId, Map<string, KnownCheck>>(checkIds.map((id) => [id, new Map()]));
  let remembered = 0;
  let judgements = new WeakMap<CheckFacts, Map<number, Finding>>();
  /** Kinds of machine under a policy, by number. */
  const places = new Map<string, number>();
  let judgedOn = '';
  const policies = new WeakMap<Policy, number>();
  let policyCount = 0;

  /** Throws SyntaxError where the text is no JSON. */
  function readCheck(id: CheckId, text: string): KnownCheck {
    const known = checks.get(id)?.get(text);
    if (known !== undefined) return known;
    const value: unknown = JSON.parse(text);
    const parsed = peerCheckFacts(id).safeParse(value);
    const read = { facts: parsed.success ? parsed.data : undefined, member: memberOf(id, value) };
    if (remembered >= maxKnown) {
      for (const texts of checks.values()) texts.clear();
      remembered = 0;
    }
    remembered += 1;
    // A copy: a piece of a longer text would keep all of that in memory.
    checks.get(id)?.set(Buffer.from(text).toString(), read);
    return read;
  }

  return {
    /** Undefined where a check says something it cannot say. Checks this build does not know count for the digest only. */
    read(given: Readonly<Record<string, unknown>>): ReadFacts | undefined {
      const texts = Object.keys(given).map((id): [string, string] => [id, JSON.stringify(given[id])]);
      return this.readTexts(new Map(texts));
    },

    /** The same of the JSON text of each check's facts. Throws SyntaxError where one is no JSON or nested too deeply. */
    readTexts(given: ReadonlyMap<string, string>): ReadFacts | undefined {
      const facts: Record<string, CheckFacts> = {};
      const members: Buffer[] = [];
      for (const id of [...given.keys()].sort()) {
        const text = given.get(id) ?? '';
        if (!checkNumbers.has(id)) {
          members.push(memberOf(id, JSON.parse(text)));
          continue;
        }
        const check = readCheck(id as CheckId, text);
        if (check.facts === undefined) return undefined;
        facts[id] = check.facts;
        members.push(check.member);
      }
      const canonical = Buffer.concat([...members, Buffer.from(members.length === 0 ? '{}' : '}')]);
      canonical.write('{');
      return { facts: facts as Facts, canonical };
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
      // What is approved for one laptop is in force for it alone, and until a moment.
      const approved = context.approvedMedia ?? [];
      const own = approved.length === 0 ? '' : ` ${JSON.stringify(approved)}`;
      const name = `${version} ${context.clockSkewSeconds ?? 0} ${JSON.stringify(context.machine)}${own}`;
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

/** So deep in a report stands what a check says: what goes through here, goes through when the whole is verified. */
const depth = 2;

const memberOf = (id: string, value: unknown): Buffer =>
  Buffer.from(`,${JSON.stringify(id)}:${canonicalJson(value, depth)}`);
