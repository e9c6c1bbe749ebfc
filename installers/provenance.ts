import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildMoment } from './build-moment.ts';
import { pinnedParts } from './parts.ts';

const root = join(import.meta.dirname, '..');

/**
 * Where the installers come from, as an in-toto statement with SLSA provenance (version 1): the commit, the lock file's exact
 * packages, the parts pinned by content. It is not signed; whoever publishes a release signs SHA256SUMS.
 */
export function provenance(
  { commit, epoch, version }: BuildMoment,
  made: readonly { readonly name: string; readonly sha256: string }[],
): object {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { version?: string; integrity?: string; dev?: boolean }>>;
  };
  const hex = (integrity: string) => Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  const parts = [...pinnedParts().values()].map(({ name, version: of, integrity }) => ({
    uri: `pkg:npm/${name}@${of}`,
    digest: { sha512: hex(integrity) },
  }));
  const packages = Object.entries(lock.packages).flatMap(([path, { version: of, integrity, dev }]) => {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (name === '' || dev === true || of === undefined) return [];
    const known = integrity?.startsWith('sha512-') === true && { digest: { sha512: hex(integrity) } };
    return [{ uri: `pkg:npm/${name}@${of}`, ...known }];
  });
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: made.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://muster.localhost.example/installers/v1',
        externalParameters: { command: 'npm run installers', version },
        resolvedDependencies: [
          { uri: 'git+https://muster.localhost.example/muster', digest: { gitCommit: commit } },
          ...parts,
          ...packages,
        ],
      },
      runDetails: {
        builder: { id: 'https://muster.localhost.example/builders/local' },
        metadata: { startedOn: new Date(epoch * 1_000).toISOString() },
      },
    },
  };
}
