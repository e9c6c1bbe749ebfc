import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import { checkIds, checks } from '../../shared/checks/index.ts';
import { basePolicy } from '../../shared/policy.ts';

/** The base policy as a file: every point of the catalogue with its defaults, for people to read and to copy from. */
export function basePolicyYaml(): string {
  const policy = basePolicy();
  const document = new Document({
    policy: policy.id,
    version: policy.version,
    checks: Object.fromEntries(
      checkIds.map((id) => [
        id,
        Object.fromEntries(
          Object.entries(policy.checks[id]).map(([name, { mode, severity, numberFrom, params }]) => [
            name,
            {
              ...(mode !== 'enforce' && { mode }),
              severity,
              ...params,
              ...(numberFrom !== undefined && { numberFrom }),
            },
          ]),
        ),
      ]),
    ),
  });
  document.commentBefore = [
    ' Generated from the catalogue by `npm run docs`: do not edit.',
    ' A company policy `extends: base` and names what it wants otherwise. A point named without a mode is enforced.',
  ].join('\n');
  const all = document.get('checks') as YAMLMap;
  for (const { key, value } of all.items) {
    if (!isScalar(key) || !isMap(value)) continue;
    key.commentBefore = ` ${checks[key.value as keyof typeof checks].title}`;
    for (const point of value.items) if (isMap(point.value)) point.value.flow = true;
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
