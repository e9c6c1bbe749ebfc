import { type Answer, known } from '../../../shared/answer.ts';
import type { SyncClientId } from '../../../shared/data/product-ids.ts';
import { products } from '../../../shared/data/products.ts';
import { absentAsUndefined, type PointProbes, type Sources } from '../../probe.ts';
import { runningProduct, runningPrograms } from '../../readings/darwin/installed-apps.ts';
import { managedForPerson } from '../../readings/darwin/managed.ts';
import { requireSession } from '../../readings/darwin/person.ts';
import {
  dictionaryOf,
  listIn,
  type PropertyListDictionary,
  readPropertyList,
  switchIn,
  textIn,
} from '../../readings/darwin/property-list.ts';
import { told } from '../../readings/darwin/told.ts';

/** A folder of a client: `OneDrive-Personal`, `GoogleDrive-<account>`, `Dropbox`. Recordings keep the part before the first dash. */
export function clientOfFolder(entry: string): SyncClientId | undefined {
  // Finder's own marks are no client's.
  if (entry === '.DS_Store' || entry === '.localized') return undefined;
  const [product = '', account] = entry.split(/-(.*)/s);
  const known = products.sync.entries.find(({ darwin }) => darwin?.cloudStorage?.includes(product));
  const client = known?.id ?? 'other';
  if (client !== 'onedrive' || account === undefined) return client;
  return account === 'Personal' ? 'onedrive-personal' : 'onedrive-business';
}

/** Clients that also run without an application around them, by the name of their program. */
const barePrograms: Readonly<Record<string, SyncClientId>> = {
  syncthing: 'syncthing',
  rslsync: 'resilio-sync',
  rclone: 'rclone',
};

/** A client's program at its usual place. What runs on every Mac (bird, cloudd) is no client's. */
export function clientOfProgram(program: string): SyncClientId | undefined {
  const client = runningProduct('sync', program);
  if (client !== undefined) return client;
  const name = program.slice(program.lastIndexOf('/') + 1);
  return Object.hasOwn(barePrograms, name) ? barePrograms[name] : undefined;
}

/** A folder that clients, older versions most of all, keep in the home folder itself. */
export function clientOfHomeFolder(name: string): SyncClientId | undefined {
  return products.sync.entries.find(({ darwin }) => darwin?.home?.includes(name))?.id;
}

function serviceIsOn(account: PropertyListDictionary, name: string): boolean {
  const services = (listIn(account, 'Services') ?? []).map(dictionaryOf);
  return services.some(
    (service) => textIn(service, 'Name') === name && switchIn(service, 'Enabled') === true,
  );
}

/** iCloud Drive of the person: off by a profile, or as their account says; no account = off. Throws SourceError. */
async function iCloudDrive(sources: Sources): Promise<boolean> {
  const domain = 'com.apple.applicationaccess';
  const allowed = await managedForPerson(
    sources,
    domain,
    'allowCloudDocumentSync',
    switchIn,
    (a, b) => a || b,
  );
  if (allowed === false) return false;
  const path = '/Users/user/Library/Preferences/MobileMeAccounts.plist';
  const list = (await readPropertyList(sources, path)) ?? {};
  const accounts = (listIn(list, 'Accounts') ?? []).map(dictionaryOf);
  return accounts.some((account) => serviceIsOn(account, 'MOBILE_DOCUMENTS'));
}

/** Desktop and Documents in iCloud, as the Finder has it. Throws SourceError. */
async function desktopInICloud(sources: Sources): Promise<boolean> {
  const allowed = await managedForPerson(
    sources,
    'com.apple.applicationaccess',
    'allowCloudDesktopAndDocuments',
    switchIn,
    (a, b) => a || b,
  );
  if (allowed === false) return false;
  const list =
    (await readPropertyList(sources, '/Users/user/Library/Preferences/com.apple.finder.plist')) ?? {};
  const keys = ['FXICloudDriveDesktop', 'FXICloudDriveDocuments'];
  return keys.map((key) => switchIn(list, key)).includes(true);
}

type Found = { clients: SyncClientId[]; incomplete: boolean };

/** A client counts when it has a folder or runs; one that is only installed is not in use. */
async function clientsInUse(sources: Sources): Promise<Answer<Found>> {
  requireSession(sources);
  const absent = async (path: string) => (await absentAsUndefined(sources.directory(path))) ?? [];
  const folders = await told(absent('/Users/user/Library/CloudStorage'));
  const home = await told(absent('/Users/user'));
  const programs = await told(runningPrograms(sources));
  const drive = await told(iCloudDrive(sources));
  const found = [
    ...(folders ?? []).map(clientOfFolder),
    ...(home ?? []).map(clientOfHomeFolder),
    ...(programs ?? []).map(clientOfProgram),
    drive ? ('icloud-drive' as const) : undefined,
  ].filter((client) => client !== undefined);
  // `onedrive` says less than the kind of account that another place shows.
  const kinds = new Set(found);
  if (kinds.has('onedrive-personal') || kinds.has('onedrive-business')) kinds.delete('onedrive');
  const incomplete = [folders, home, programs, drive].includes(undefined);
  if (incomplete && kinds.size === 0) {
    // Nothing was found, and one place said nothing: its reason is the answer.
    await Promise.all([
      absent('/Users/user/Library/CloudStorage'),
      absent('/Users/user'),
      runningPrograms(sources),
      iCloudDrive(sources),
    ]);
  }
  return known({ clients: [...kinds].toSorted(), incomplete });
}

export const darwin: PointProbes<'cloud-sync'> = {
  approved: clientsInUse,
  /** What other clients copy of the desktop cannot be seen. */
  async 'desktop-sync'(sources): Promise<Answer<Found>> {
    requireSession(sources);
    const drive = await told(iCloudDrive(sources));
    const desktop = await told(desktopInICloud(sources));
    if (drive === false || desktop === false) return known({ clients: [], incomplete: false });
    if (drive && desktop) return known({ clients: ['icloud-drive'], incomplete: false });
    // Neither says no, and one of them said nothing: its reason is the answer.
    await iCloudDrive(sources);
    await desktopInICloud(sources);
    return known({ clients: [], incomplete: true });
  },
};
