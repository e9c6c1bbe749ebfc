import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/**
 * The companies whose policies come with the build. Each has two files in shared/policies/: `<id>.yaml`, what its laptops are
 * asked, and `<id>.clauses.yaml`, its sentences and what answers them. Programs load the JSON made of them.
 */
const companies = ['kelia', 'lesoko', 'indigosoft', 'lesotho-wine', 'kanj'];

const folder = join(import.meta.dirname, '../../shared/policies');
const read = (name: string): unknown =>
  parse(readFileSync(join(folder, name), 'utf8'), { maxAliasCount: 0, prettyErrors: false });
const json = (entries: readonly (readonly [string, unknown])[]) =>
  `${JSON.stringify(Object.fromEntries(entries), null, 1)}\n`;

export function policiesJson(): string {
  return json(
    companies.map((id) => {
      const { company } = read(`${id}.clauses.yaml`) as { company: string };
      return [id, { name: company, document: read(`${id}.yaml`) }];
    }),
  );
}

export function clausesJson(): string {
  return json(companies.map((id) => [id, read(`${id}.clauses.yaml`)]));
}
