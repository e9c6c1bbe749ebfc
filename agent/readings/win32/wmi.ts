import type { Sources } from '../../probe.ts';
import { objects } from './values.ts';

/** Rows of a WQL query; one row may arrive as the row itself. SourceError for anything that is no row. */
export async function readRows(
  sources: Sources,
  query: string,
  namespace: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return objects(await sources.wmi(query, namespace), query.slice(query.lastIndexOf('FROM ')));
}
