import { type Answer, known, unknown } from '../../../shared/answer.ts';
import type { SyncClientId } from '../../../shared/data/product-ids.ts';
import { byPackage } from '../../../shared/data/recognise.ts';
import { absentAsUndefined, type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readPackages } from '../../readings/linux/packages.ts';

/** A client's own settings in the person's home: there once it has been set up. Only their presence is looked at. */
const settings: readonly [SyncClientId, string][] = [
  ['dropbox', '/home/user/.dropbox/info.json'],
  ['nextcloud', '/home/user/.config/Nextcloud/nextcloud.cfg'],
  ['onedrive', '/home/user/.config/onedrive/refresh_token'],
  ['rclone', '/home/user/.config/rclone/rclone.conf'],
  ['syncthing', '/home/user/.local/state/syncthing/config.xml'],
];
const leaveSettings = new Set(settings.map(([client]) => client));

interface Look {
  readonly clients: readonly SyncClientId[];
  /** The first place that could not be looked at. */
  readonly failure: SourceError | undefined;
}

async function look(sources: Sources): Promise<Look> {
  const clients = new Set<SyncClientId>();
  let failure: SourceError | undefined;
  const note = async (read: Promise<readonly SyncClientId[]>) => {
    try {
      for (const client of await read) clients.add(client);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failure ??= error;
    }
  };
  for (const [client, path] of settings) {
    await note(
      absentAsUndefined(sources.fileBytes(path)).then((bytes) => (bytes === undefined ? [] : [client])),
    );
  }
  // Others leave no trace that is documented; that they are installed is all there is to see.
  await note(
    readPackages(sources).then((packages) =>
      packages
        .map(({ name }) => byPackage('sync', name))
        .filter((client) => client !== undefined)
        .filter((client) => !leaveSettings.has(client)),
    ),
  );
  return { clients: [...clients], failure };
}

type Clients = { clients: SyncClientId[]; incomplete: boolean };

export const linux: PointProbes<'cloud-sync'> = {
  async approved(sources): Promise<Answer<Clients>> {
    if (sources.user === null) return unknown('no-session');
    const { clients, failure } = await look(sources);
    if (clients.length === 0 && failure !== undefined) throw failure;
    return known({ clients: [...clients], incomplete: failure !== undefined });
  },
  /** No client here says which folders it takes along. */
  async 'desktop-sync'(sources): Promise<Answer<Clients>> {
    if (sources.user === null) return unknown('no-session');
    const { clients, failure } = await look(sources);
    if (failure !== undefined) throw failure;
    return known({ clients: [], incomplete: clients.length > 0 });
  },
};
