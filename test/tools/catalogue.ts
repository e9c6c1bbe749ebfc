import { Document, isMap, isScalar, type YAMLMap } from 'yaml';
import type { Point } from '../../shared/check.ts';
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

/** Plain text of a default, as a table shows it. */
const shown = (value: unknown) =>
  Array.isArray(value) ? (value.length === 0 ? 'none' : value.join(', ')) : String(value);

/** The catalogue as a document: what each check asks, what its points expect, and which right a full answer needs. */
export function checksDocument(): string {
  const rights = {
    user: 'anyone',
    session: 'the person',
    root: 'root',
    'full-disk-access': 'root with Full Disk Access',
  };
  const policy = basePolicy();
  const sections = checkIds.map((id) => {
    const check = checks[id];
    const rows = Object.entries(check.points as Record<string, Point>).map(([name, point]) => {
      const { mode, severity, params } = policy.checks[id][name] ?? { mode: '', severity: '', params: {} };
      const defaults = Object.entries(params)
        .map(([key, value]) => `\`${key}\` = ${shown(value)}`)
        .join('<br>');
      const needs = (['darwin', 'win32', 'linux'] as const).map(
        (platform) => rights[point.privilege[platform]],
      );
      return `| \`${name}\` | ${point.expected(params as never)} | ${mode}, ${severity} | ${defaults || '–'} | ${needs.join(' · ')} |`;
    });
    const cited = Map.groupBy(check.references, ({ standard }) => standard);
    const references = [...cited].map(
      ([standard, ids]) => `${standard} ${ids.map((reference) => reference.id).join(', ')}`,
    );
    return [
      `## ${check.title} (\`${id}\`)`,
      '',
      `${check.rationale}${check.answeredBy === 'collector' ? ' Answered by the collector.' : ''}`,
      '',
      '| Point | Passes when | Base policy | Parameters | Right needed (macOS · Windows · Linux) |',
      '|---|---|---|---|---|',
      ...rows,
      '',
      `References: ${references.join(' · ')}`,
      '',
    ].join('\n');
  });
  return [
    '# Checks',
    '',
    '<!-- Generated from the catalogue by `npm run docs`: do not edit. -->',
    '',
    'What the agent looks at. Every point is judged alone: pass, fail, unknown (nobody could tell) or not-applicable.',
    '',
    ...sections,
  ].join('\n');
}
