import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildMoment } from './build-moment.ts';
import { pinnedParts } from './parts.ts';
import type { Target } from './targets.ts';

const root = join(import.meta.dirname, '..');

interface Component {
  readonly type: 'library' | 'application';
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
}

const purlOf = (name: string, version: string) =>
  `pkg:npm/${name.startsWith('@') ? `%40${name.slice(1)}` : name}@${version}`;

/** A package in a folder of this machine's node_modules. */
function installed(path: string): Component {
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, 'node_modules', path, 'package.json'), 'utf8'),
  ) as { name: string; version: string; license?: unknown };
  return {
    type: 'library',
    name,
    version,
    purl: purlOf(name, version),
    ...(typeof license === 'string' &&
      /^[\w.+-]+$/.test(license) && { licenses: [{ license: { id: license } }] }),
  };
}

/** A part that is pinned by its content. */
function pinned(name: string): Component {
  const part = pinnedParts().get(name);
  if (part === undefined) throw new Error(`${name} is not pinned`);
  return {
    type: name.startsWith('node-') ? 'application' : 'library',
    name,
    version: part.version,
    purl: purlOf(name, part.version),
    hashes: [
      {
        alg: 'SHA-512',
        content: Buffer.from(part.integrity.slice('sha512-'.length), 'base64').toString('hex'),
      },
    ],
  };
}

/** What lies beside the bundle: packages, as folders of this machine's node_modules, and parts that are pinned for the target. */
export interface Contents {
  readonly packages: readonly string[];
  readonly compiled: readonly string[];
}

/**
 * What an installer is made of, as CycloneDX 1.6: the runtime, every package of which something went into the bundle, and those
 * that lie beside it. The same for two builds of one commit: its serial number comes from its content.
 */
export function billOfMaterials(
  product: 'muster-agent' | 'muster-collector',
  target: Target,
  { packages, compiled }: Contents,
  moment: BuildMoment,
): object {
  const program = product === 'muster-agent' ? 'agent' : 'server';
  const bundled = JSON.parse(readFileSync(join(root, 'dist', program, 'bundled.json'), 'utf8')) as string[];
  const ours = [...new Set([...bundled, ...packages])].sort().map(installed);
  const components = [
    ...[target.node.part, ...compiled].map(pinned),
    // One version may lie in two folders.
    ...new Map(ours.map((component) => [component.purl, component])).values(),
  ];
  const metadata = {
    timestamp: new Date(moment.epoch * 1_000).toISOString(),
    component: {
      type: 'application',
      name: `${product}-${target.id}`,
      version: moment.version,
      licenses: [{ license: { id: 'Apache-2.0' } }],
      properties: [{ name: 'muster:commit', value: moment.commit }],
    },
  };
  const digest = createHash('sha256').update(JSON.stringify({ metadata, components })).digest('hex');
  const serial = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serial}`,
    version: 1,
    metadata,
    components,
  };
}
