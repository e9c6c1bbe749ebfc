import type { Products } from '../../../shared/data/product-traces.ts';
import { byMacApp } from '../../../shared/data/recognise.ts';
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

/** Which product of the catalogue an application is, also one with its major version in the name (`Arq 7.app`). */
export function productOf<K extends keyof Products>(kind: K, { name }: Pick<InstalledApp, 'name'>) {
  return byMacApp(kind, `${name}.app`) ?? byMacApp(kind, `${name.replace(/ \d+(?:\.\d+)*$/, '')}.app`);
}

/** Which product of the catalogue runs, from its program's path; what is part of macOS is none. */
export function runningProduct<K extends keyof Products>(kind: K, program: string) {
  const name = /^(?:\/Users\/[^/]+)?\/Applications\/(?:[^/]+\/)?([^/]+)\.app\//.exec(program)?.[1];
  return name === undefined ? undefined : productOf(kind, { name });
}
