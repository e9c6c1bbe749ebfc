import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import {
  Key,
  Metadata,
  MetadataKind,
  MetaFile,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models';

/** The four roles of The Update Framework. Root and targets are kept offline; snapshot and timestamp only say what is newest. */
export const releaseRoles = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type ReleaseRole = (typeof releaseRoles)[number];
export type ReleaseKeys = Readonly<Record<ReleaseRole, KeyObject>>;

/** How long each is good, in days. A list that nobody renews within the timestamp's time counts as held back. */
export const goodForDays: Readonly<Record<ReleaseRole, number>> = {
  root: 365,
  targets: 120,
  snapshot: 120,
  timestamp: 30,
};

const specVersion = '1.0.31';
const day = 86_400_000;

/** The keys in a folder, one file a role; `create` makes those that are missing. Throws where one is missing. */
export function releaseKeys(folder: string, create: boolean): ReleaseKeys {
  const entries = releaseRoles.map((role) => {
    const path = join(folder, `${role}.pem`);
    if (!existsSync(path)) {
      if (!create)
        throw new Error(`${path} is missing; --create-keys makes keys, once, on a machine that is offline`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const { privateKey } = generateKeyPairSync('ed25519');
      writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    }
    return [role, createPrivateKey(readFileSync(path))] as const;
  });
  return Object.fromEntries(entries) as unknown as ReleaseKeys;
}

function keyOf(privateKey: KeyObject): Key {
  const pem = createPublicKey(privateKey)
    .export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('hex');
  const keyVal = { public: pem };
  const canonical = JSON.stringify({ keytype: 'ed25519', keyval: keyVal, scheme: 'ed25519' });
  const keyID = createHash('sha256').update(canonical).digest('hex');
  return new Key({ keyID, keyType: 'ed25519', scheme: 'ed25519', keyVal });
}

function signed<T extends Root | Targets | Snapshot | Timestamp>(content: T, key: KeyObject): Metadata<T> {
  const metadata = new Metadata(content);
  const { keyID } = keyOf(key);
  metadata.sign((data) => new Signature({ keyID, sig: sign(null, data, key).toString('hex') }));
  return metadata;
}

export interface ReleaseArchive {
  readonly path: string;
  /** `muster-agent-darwin-arm64.tar.gz`: the name that does not change from release to release. */
  readonly name: string;
  readonly version: string;
}

/** The number of the newest file of a role in a repository; 0 where there is none. */
function newestOf(folder: string, role: ReleaseRole): number {
  if (!existsSync(folder)) return 0;
  if (role === 'timestamp') {
    const path = join(folder, 'timestamp.json');
    if (!existsSync(path)) return 0;
    const { signed: content } = JSON.parse(readFileSync(path, 'utf8')) as { signed: { version: number } };
    return content.version;
  }
  const numbers = readdirSync(folder).flatMap((name) => {
    const [number, of] = name.split('.');
    return of === role ? [Number(number)] : [];
  });
  return Math.max(0, ...numbers);
}

/**
 * Adds a release to a repository, or renews it where no archives are given: every list gets the next number, and the timestamp,
 * written last, makes it count. Root is written once; its keys change by hand (docs/deploy.md). Answers the root's path.
 */
export function writeRelease(
  folder: string,
  keys: ReleaseKeys,
  archives: readonly ReleaseArchive[],
  now: Date,
): string {
  const metadata = join(folder, 'metadata');
  const files = join(folder, 'targets');
  mkdirSync(metadata, { recursive: true });
  mkdirSync(files, { recursive: true });
  const expires = (role: ReleaseRole) =>
    new Date(now.getTime() + goodForDays[role] * day).toISOString().replace(/\.\d+Z$/, 'Z');
  const put = (name: string, content: Metadata<Root | Targets | Snapshot | Timestamp>) => {
    const path = join(metadata, name);
    writeFileSync(`${path}.new`, JSON.stringify(content.toJSON()));
    renameSync(`${path}.new`, path);
  };

  const rootPath = join(metadata, '1.root.json');
  if (!existsSync(rootPath)) {
    const root = new Root({ version: 1, specVersion, expires: expires('root'), consistentSnapshot: true });
    for (const role of releaseRoles) root.addKey(keyOf(keys[role]), role);
    put('1.root.json', signed(root, keys.root));
  }

  const before = newestOf(metadata, 'targets');
  const known =
    before === 0
      ? {}
      : Metadata.fromJSON(
          MetadataKind.Targets,
          JSON.parse(readFileSync(join(metadata, `${before}.targets.json`), 'utf8')),
        ).signed.targets;
  const targets = new Targets({
    version: before + 1,
    specVersion,
    expires: expires('targets'),
    targets: { ...known },
  });
  for (const { path, name, version } of archives) {
    const bytes = readFileSync(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    copyFileSync(path, join(files, `${sha256}.${name}`));
    targets.addTarget(
      new TargetFile({
        path: name,
        length: bytes.length,
        hashes: { sha256 },
        unrecognizedFields: { custom: { version } },
      }),
    );
  }
  put(`${targets.version}.targets.json`, signed(targets, keys.targets));

  const snapshot = new Snapshot({
    version: newestOf(metadata, 'snapshot') + 1,
    specVersion,
    expires: expires('snapshot'),
    meta: { 'targets.json': new MetaFile({ version: targets.version }) },
  });
  put(`${snapshot.version}.snapshot.json`, signed(snapshot, keys.snapshot));

  const timestamp = new Timestamp({
    version: newestOf(metadata, 'timestamp') + 1,
    specVersion,
    expires: expires('timestamp'),
    snapshotMeta: new MetaFile({ version: snapshot.version }),
  });
  put('timestamp.json', signed(timestamp, keys.timestamp));
  return rootPath;
}

/** What an archive of `npm run installers` holds: `muster-agent-0.1.0-darwin-arm64.tar.gz`. Undefined for any other file. */
export function archiveOf(path: string): ReleaseArchive | undefined {
  const [, version, target] =
    /^muster-agent-(\d+(?:\.\d+)+)-([a-z0-9]+-[a-z0-9]+)\.tar\.gz$/.exec(basename(path)) ?? [];
  return version === undefined ? undefined : { path, version, name: `muster-agent-${target}.tar.gz` };
}
