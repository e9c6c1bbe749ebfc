import { type Answer, known } from '../../../shared/answer.ts';
import type { SyncClientId } from '../../../shared/data/product-ids.ts';
import { absentAsUndefined, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { identify, readInstalledPrograms } from '../../readings/win32/installed-programs.ts';
import { readOneDrive } from '../../readings/win32/one-drive.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { readSessions } from '../../readings/win32/sessions.ts';
import { settled } from '../../readings/win32/settled.ts';
import { object } from '../../readings/win32/values.ts';

/** Clients that tell for each person whether they are set up; that they are installed means nothing then. */
const perPerson: readonly SyncClientId[] = ['onedrive', 'google-drive', 'dropbox'];

/** Set up for a person: an account in Dropbox's own list, personal or business. */
async function hasDropbox(sources: Sources, sid: string): Promise<boolean> {
  const what = 'Dropbox info.json';
  const content = await absentAsUndefined(
    sources.file(`%PROFILE:${sid}%\\AppData\\Local\\Dropbox\\info.json`),
  );
  if (content === undefined) return false;
  let info: unknown;
  try {
    info = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    throw unparseable(what);
  }
  const accounts = object(info, what);
  return accounts['personal'] !== undefined || accounts['business'] !== undefined;
}

async function hasGoogleDrive(sources: Sources, sid: string): Promise<boolean> {
  return (await readSettings(sources, `HKU\\${sid}\\Software\\Google\\DriveFS`)).has('PerAccountPreferences');
}

interface Found {
  readonly clients: SyncClientId[];
  /** Those that copy Desktop or Documents. */
  readonly desktop: SyncClientId[];
  /** The first place that could not be read. */
  readonly failure: SourceError | undefined;
}

async function look(sources: Sources): Promise<Found> {
  const clients = new Set<SyncClientId>();
  const desktop = new Set<SyncClientId>();
  const failures: SourceError[] = [];
  const note = <T>(answer: T | SourceError, found: (answer: T) => void) => {
    if (answer instanceof SourceError) failures.push(answer);
    else found(answer);
  };
  note(await settled(readInstalledPrograms(sources)), ({ programs, failure }) => {
    if (failure !== undefined) failures.push(failure);
    for (const id of identify(programs, 'sync').keys()) if (!perPerson.includes(id)) clients.add(id);
  });
  const sessions = await settled(readSessions(sources));
  if (sessions instanceof SourceError) failures.unshift(sessions);
  for (const { sid } of sessions instanceof SourceError ? [] : sessions) {
    for (const kind of ['personal', 'business'] as const) {
      note(await settled(readOneDrive(sources, sid, kind)), ({ signedIn, protectsFolders }) => {
        if (signedIn) clients.add(`onedrive-${kind}`);
        if (signedIn && protectsFolders) desktop.add(`onedrive-${kind}`);
      });
    }
    note(await settled(hasGoogleDrive(sources, sid)), (found) => found && clients.add('google-drive'));
    note(await settled(hasDropbox(sources, sid)), (found) => found && clients.add('dropbox'));
  }
  return { clients: [...clients], desktop: [...desktop], failure: failures[0] };
}

type Clients = { clients: SyncClientId[]; incomplete: boolean };

/** Sync clients that are set up for somebody signed in, or that leave no other trace than being installed. Windows 10 and 11. */
export const win32: PointProbes<'cloud-sync'> = {
  async approved(sources): Promise<Answer<Clients>> {
    const { clients, failure } = await look(sources);
    if (clients.length === 0 && failure !== undefined) throw failure;
    return known({ clients, incomplete: failure !== undefined });
  },
  /** Only OneDrive tells whether it takes these folders along. */
  async 'desktop-sync'(sources): Promise<Answer<Clients>> {
    const { clients, desktop, failure } = await look(sources);
    if (desktop.length === 0 && failure !== undefined) throw failure;
    const silent = clients.some((client) => !client.startsWith('onedrive'));
    return known({ clients: desktop, incomplete: silent || failure !== undefined });
  },
};
