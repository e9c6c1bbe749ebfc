/** The few files a page brings along, read once and named by what is in them, so that browsers may keep them for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Asset {
  readonly address: string;
  readonly type: string;
  readonly body: Buffer;
}

// The same two steps up from server/pages and from dist/server.
const directory = join(import.meta.dirname, '../../server/assets');
const { resolve } = createRequire(import.meta.url);
const htmx = resolve('htmx.org/dist/htmx.min.js');
// The package names its entry only; the bundle for browsers lies beside it.
const webAuthn = join(resolve('@simplewebauthn/browser'), '../../dist/bundle/index.umd.min.js');

function load(name: string, extension: string, type: string, files: readonly string[]): Asset {
  const body = Buffer.concat(files.flatMap((file) => [readFileSync(file), Buffer.from('\n')]));
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { address: `/assets/${name}.${digest}.${extension}`, type, body };
}

const styleSheets = [
  'base.css',
  'frame.css',
  'parts.css',
  'forms.css',
  'lists.css',
  'stacks.css',
  'device.css',
  'history.css',
  'policy.css',
  'registers.css',
  'access.css',
  'waivers.css',
  'clauses.css',
  'my-device.css',
  'print.css',
];

const loaded = {
  styles: load(
    'muster',
    'css',
    'text/css; charset=utf-8',
    styleSheets.map((file) => join(directory, file)),
  ),
  script: load('muster', 'js', 'text/javascript; charset=utf-8', [join(directory, 'muster.js')]),
  htmx: load('htmx', 'js', 'text/javascript; charset=utf-8', [htmx]),
  passkeys: load('passkeys', 'js', 'text/javascript; charset=utf-8', [
    webAuthn,
    join(directory, 'passkeys.js'),
  ]),
  icon: load('icon', 'svg', 'image/svg+xml', [join(directory, 'icon.svg')]),
};

/** The style sheets as text, for a file that stands alone. */
export const styles: string = loaded.styles.body.toString('utf8');

/** Every asset, to be served as it stands. */
export const assets: readonly Asset[] = Object.values(loaded);

export const assetAddresses = {
  styles: loaded.styles.address,
  script: loaded.script.address,
  htmx: loaded.htmx.address,
  passkeys: loaded.passkeys.address,
  icon: loaded.icon.address,
} as const;
