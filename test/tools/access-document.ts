import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionWords, roleWords } from '../../server/pages/words.ts';
import { permissions, permissionsOf, roles } from '../../server/permissions.ts';

const path = join(import.meta.dirname, '../../docs/access.md');

/** docs/access.md with the tables of roles as permissions.ts has them; the rest of it is written by hand. */
export function accessDocument(): string {
  const table = (rows: readonly (readonly string[])[]): string => {
    const widths =
      rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
    const [head = [], ...body] = rows;
    return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
  };
  const purposes = table([
    ['role', 'is for'],
    ...roles.map((role) => [`**${roleWords[role].name}** (\`${role}\`)`, roleWords[role].text]),
  ]);
  const allowed = table([
    ['may', ...roles],
    ...permissions.map((permission) => [
      `${permissionWords[permission]} (\`${permission}\`)`,
      ...roles.map((role) => (permissionsOf[role].includes(permission) ? 'yes' : '')),
    ]),
  ]);
  const text = readFileSync(path, 'utf8');
  return text.replace(
    /(<!-- roles[^>]*-->\n)[\s\S]*?(<!-- \/roles -->)/,
    (_, begin: string, end: string) => `${begin}\n${purposes}\n\n${allowed}\n\n${end}`,
  );
}
