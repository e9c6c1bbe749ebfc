import { type Sources, unparseable } from '../../probe.ts';
import { parseShellAssignments } from './configuration.ts';

/** What the distribution says of itself. `id` is lower case; absent fields are undefined, never ''. */
export interface OsRelease {
  readonly id: string;
  readonly idLike: readonly string[];
  readonly versionId: string | undefined;
  readonly variantId: string | undefined;
  /** A date, `2026-12-02` (Fedora). */
  readonly supportEnd: string | undefined;
}

/** /etc/os-release, `ID=ubuntu`, `VERSION_ID="24.04"`. Throws SourceError, also when there is no ID in it. */
export async function readOsRelease(sources: Sources): Promise<OsRelease> {
  return parseOsRelease(await sources.file('/etc/os-release'));
}

/** See `readOsRelease`. */
export function parseOsRelease(text: string): OsRelease {
  const values = parseShellAssignments(text);
  const field = (name: string) => values.get(name)?.trim() || undefined;
  const id = field('ID')?.toLowerCase();
  if (id === undefined || !/^[a-z0-9._-]{1,32}$/.test(id)) throw unparseable('os-release');
  return {
    id,
    idLike: (field('ID_LIKE') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    versionId: field('VERSION_ID'),
    variantId: field('VARIANT_ID'),
    supportEnd: field('SUPPORT_END'),
  };
}
