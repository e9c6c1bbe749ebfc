import { Document, isMap, parse, YAMLParseError } from 'yaml';
import { checkIds } from '../shared/checks/index.ts';
import { timeText } from '../shared/parameter.ts';
import { presetDocument } from '../shared/policies/index.ts';
import { type Policy, PolicyError, policyFrom } from '../shared/policy.ts';
import { policyDocument } from '../shared/policy-document.ts';

/** The policy that a YAML text comes to, on top of the one it extends. Throws PolicyError that names the place. */
export function readPolicyYaml(text: string): Policy {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0, prettyErrors: false });
  } catch (error) {
    // A document that names itself over and over ends in a ReferenceError.
    if (error instanceof YAMLParseError || error instanceof ReferenceError) {
      throw new PolicyError('the file is not valid YAML');
    }
    throw error;
  }
  return policyFrom(document, presetDocument);
}

/**
 * A policy as people write it that says everything, so that it means the same whatever the base policy becomes. Read again it is the
 * same policy.
 */
export function writtenPolicy(policy: Policy): Readonly<Record<string, unknown>> {
  const minutes = { title: '', stricter: 'none', unit: 'minute' } as const;
  const { data } = policyDocument(policy, new Date(0));
  return {
    policy: policy.id,
    extends: 'base',
    version: policy.version,
    ...(policy.run !== undefined && {
      run: {
        interval: timeText(policy.run.everyMinutes, minutes),
        jitter: policy.run.jitterMinutes === 0 ? '0m' : timeText(policy.run.jitterMinutes, minutes),
      },
    }),
    ...(policy.waivers !== undefined && { waivers: policy.waivers }),
    ...(policy.updates !== undefined && { updates: policy.updates }),
    ...(data !== undefined && { data }),
    checks: Object.fromEntries(
      checkIds.map((id) => [
        id,
        Object.fromEntries(
          Object.entries(policy.checks[id]).map(([name, { mode, severity, params, clauses, numberFrom }]) => [
            name,
            {
              ...(mode !== 'enforce' && { mode }),
              severity,
              ...Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
              ...(clauses.length > 0 && { clauses: [...clauses] }),
              ...(numberFrom !== undefined && { numberFrom }),
            },
          ]),
        ),
      ]),
    ),
  };
}

/** The policy as `writtenPolicy` has it, as a YAML text. */
export function formatPolicyYaml(policy: Policy): string {
  const document = new Document(writtenPolicy(policy));
  for (const id of checkIds) {
    const points = document.getIn(['checks', id]);
    if (!isMap(points)) continue;
    for (const { value } of points.items) if (isMap(value)) value.flow = true;
  }
  return document.toString({ lineWidth: 0 });
}
