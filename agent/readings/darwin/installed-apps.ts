import type { AppId, BackupProductId } from '../../../shared/data/product-ids.ts';
import { absentAsUndefined, SourceError, type Sources } from '../../probe.ts';
import { linesOf, wholeText } from './lines.ts';
import { readPropertyList, textIn } from './property-list.ts';

/** An application folder of this Mac: `Firefox.app` in `/Applications` or in the person's own Applications. */
export interface InstalledApp {
  /** Without `.app`. Compared on the device, never reported. */
  readonly name: string;
  readonly path: string;
}

async function appsIn(sources: Sources, folder: string): Promise<InstalledApp[]> {
  const entries = (await absentAsUndefined(sources.directory(folder))) ?? [];
  return entries
    .filter((entry) => entry.endsWith('.app') && !entry.includes('/'))
    .map((entry) => ({ name: entry.slice(0, -'.app'.length), path: `${folder}/${entry}` }));
}

/**
 * Applications for everybody, and those of the person at the screen. `failure` = a folder that could not be listed: what was
 * found is there, what was not found may still be.
 */
export async function listedApps(
  sources: Sources,
): Promise<{ apps: readonly InstalledApp[]; failure: SourceError | undefined }> {
  const apps: InstalledApp[] = [];
  let failure: SourceError | undefined;
  for (const folder of ['/Applications', ...(sources.user === null ? [] : ['/Users/user/Applications'])]) {
    try {
      apps.push(...(await appsIn(sources, folder)));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failure = error;
    }
  }
  return { apps, failure };
}

/** As `listedApps`, where only a complete list is an answer. Throws SourceError. */
export async function installedApps(sources: Sources): Promise<readonly InstalledApp[]> {
  const { apps, failure } = await listedApps(sources);
  if (failure !== undefined) throw failure;
  return apps;
}

/** An application's own version, `CFBundleShortVersionString`. Throws SourceError; undefined = it does not say. */
export async function appVersion(sources: Sources, app: InstalledApp): Promise<string | undefined> {
  const list = await readPropertyList(sources, `${app.path}/Contents/Info.plist`);
  return list && textIn(list, 'CFBundleShortVersionString');
}

/** An application's identifier, `org.mozilla.firefox`. Throws SourceError; undefined = it does not say. */
export async function appIdentifier(sources: Sources, app: InstalledApp): Promise<string | undefined> {
  const list = await readPropertyList(sources, `${app.path}/Contents/Info.plist`);
  return list && textIn(list, 'CFBundleIdentifier');
}

/** Whether an application is the one a policy names: by its name, with or without `.app`, whatever the case. */
export function isNamed(app: InstalledApp, name: string): boolean {
  return (
    app.name.toLowerCase() ===
    name
      .trim()
      .toLowerCase()
      .replace(/\.app$/, '')
  );
}

/** Programs that run, by their full path: `ps -axo comm=`. Throws SourceError. */
export async function runningPrograms(sources: Sources): Promise<readonly string[]> {
  return linesOf(wholeText((await sources.command(['/bin/ps', '-axo', 'comm='])).stdout, 'ps'));
}

/** The application bundles a program belongs to: `Dropbox` for `/Applications/Dropbox.app/Contents/MacOS/Dropbox`. */
export function bundleOf(program: string): string | undefined {
  if (program.startsWith('/System/')) return undefined;
  return /\/([^/]+)\.app\//.exec(program)?.[1];
}

/** Names as people and vendors write them, without blanks, marks and version numbers at the end. */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s!._-]+/g, '')
    .replace(/\d+$/, '');
}

const backups: readonly (readonly [RegExp, BackupProductId])[] = [
  [/^acronis/, 'acronis'],
  [/^arq(?:agent)?$/, 'arq'],
  [/^backblaze/, 'backblaze'],
  [/^carboncopycloner$/, 'carbon-copy-cloner'],
  [/^carbonite/, 'carbonite'],
  [/^chronosync/, 'chronosync'],
  [/^(?:crashplan|code42)/, 'crashplan'],
  [/^druva/, 'druva'],
  [/^idrive/, 'idrive'],
  [/^superduper$/, 'superduper'],
  [/^veeam/, 'veeam'],
];

/** The backup product an application or a program's bundle is; Time Machine is no application. */
export function backupProduct(name: string): BackupProductId | undefined {
  return backups.find(([form]) => form.test(plainName(name)))?.[1];
}

const versioned: Readonly<Record<string, AppId>> = {
  safari: 'safari',
  bravebrowser: 'brave',
  brave: 'brave',
  googlechrome: 'chrome',
  microsoftedge: 'edge',
  firefox: 'firefox',
  opera: 'opera',
  microsoftexcel: 'excel',
  microsoftoutlook: 'outlook',
  microsoftpowerpoint: 'powerpoint',
  microsoftteams: 'teams',
  microsoftword: 'word',
  libreoffice: 'libreoffice',
  thunderbird: 'thunderbird',
};

/** The program whose version is looked at; undefined for all others. */
export function versionedApp(name: string): AppId | undefined {
  const key = plainName(name).replace(/^microsoftteams.*/, 'microsoftteams');
  return Object.hasOwn(versioned, key) ? versioned[key] : undefined;
}

const managers =
  /^(?:1password|bitwarden|dashlane|enpass|keepassxc|keepassium|keeper(?:passwordmanager|desktop)?|lastpass|nordpass|protonpass|roboform|strongbox(?:pro)?)$/;

/** A password manager of the catalogue. Apple's own Passwords is on every Mac and does not count. */
export function isPasswordManager(name: string): boolean {
  return managers.test(plainName(name));
}
