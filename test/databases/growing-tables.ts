/** Tables that grow with the fleet: nothing a page or a report asks may read through one. */
export const growing: readonly string[] = [
  'findings',
  'reports',
  'stray_reports',
  'transitions',
  'state_changes',
  'audit',
  'devices',
];
/** Of these, also an index that only tells organizations apart reads all of one. */
export const wide: ReadonlySet<string> = new Set([
  'findings',
  'reports',
  'stray_reports',
  'transitions',
  'state_changes',
]);

const statement = /^\s*(select|update|delete|insert into \S+ \([^)]*\)\s*select|with)\b/i;

/** What nobody waits for: everything is meant. The reason stands behind each. */
const meant: readonly RegExp[] = [
  // From the end of the table, and only so many.
  /^select "number", "digest" from "audit" order by "number" desc limit (\?|\$1)$/,
  // Once, when a database of before is brought into shape.
  /^insert into absent_counts /,
  // `collector verify` goes through all evidence.
  /^select "devices"."number", "devices"."id", .*"report_floors"."previous" from "devices" left join/,
  // Once a night, up to the first entry that is young enough, and the very first.
  /^select "number" from "audit" where "at" >= (\?|\$1) order by "number" limit (\?|\$2)$/,
  /^select "at" from "audit" order by "number" limit (\?|\$1)$/,
];

/** The growing tables a statement names, by the name the plan will call them; none where it need not be explained. */
export function namesOf(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (!statement.test(text) || meant.some((pattern) => pattern.test(text))) return names;
  for (const [, table = '', alias] of text.matchAll(
    /\b(?:from|join|update|into)\s+"?(\w+)"?(?:\s+(?:as\s+)?"?(?!where\b|on\b|inner\b|left\b|join\b|set\b|order\b|group\b|limit\b|select\b)(\w+)"?)?/gi,
  )) {
    if (growing.includes(table)) names.set(alias ?? table, table).set(table, table);
  }
  return names;
}

/** A backup reads everything, and so do the tests that compare whole databases. */
export const isExplained = (testPath: string): boolean =>
  /\/test\/server\//.test(testPath) && !/backup|-kill|\/bench\//.test(testPath);
