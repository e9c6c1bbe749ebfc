import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BaseFetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { type Collector, CollectorError } from '../sync/client.ts';

/** Why a release was not taken; the message is for a person. Nothing that is installed has changed. */
export class UpdateRefused extends Error {
  override readonly name = 'UpdateRefused';
}

/** A release that the keys of the installed one vouch for. */
export interface Release {
  readonly version: string;
  /** Fetches it to this path; throws UpdateRefused unless length and digest are what was signed. */
  download(path: string): Promise<void>;
}

export interface ReleaseSource {
  /** Where what was seen of releases is remembered, so that nobody can show an older list; never in the program's folder. */
  readonly memory: string;
  /** The root of trust that was installed with the program: TUF's root.json. */
  readonly root: string;
  /** `win-x64`, `darwin-arm64`: which of the release's archives fits this machine. */
  readonly target: string;
  readonly collector: Pick<Collector, 'download'>;
}

/** Metadata is small; whatever is larger is no metadata. The archive's own length is signed. */
const largestArchive = 400 * 1024 * 1024;

/** TUF's way to the collector: the same pinned connection as everything else. */
class CollectorFetcher extends BaseFetcher {
  readonly #collector: Pick<Collector, 'download'>;
  constructor(collector: Pick<Collector, 'download'>) {
    super();
    this.#collector = collector;
  }
  override async fetch(url: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    try {
      return await this.#collector.download(new URL(url).pathname, largestArchive);
    } catch (error) {
      // A file that is not there ends the search for newer roots; TUF asks for it in its own words.
      if (error instanceof CollectorError && error.status === 404) {
        throw new DownloadHTTPError('no such file', error.status);
      }
      throw error;
    }
  }
}

/** What TUF's errors say to a person; the class names are those of tuf-js and @tufjs/models. */
const words: Readonly<Record<string, string>> = {
  ExpiredMetadataError: 'the list of releases has expired: it is old, or somebody holds back a newer one',
  BadVersionError: 'the list of releases is older than one that was seen before',
  EqualVersionError: 'the list of releases is another one under the same number',
  UnsignedMetadataError: 'the list of releases is not signed by the keys this agent came with',
  LengthOrHashMismatchError: 'what was sent is not what was signed',
  DownloadHTTPError: 'the collector offers no releases',
  DownloadLengthMismatchError: 'more was sent than was signed',
};

function refusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const known = words[error.constructor.name] ?? words[error.name];
  if (known !== undefined) return new UpdateRefused(known);
  // Anything that is no TUF metadata: a proxy's page, a file cut short.
  if (/^(?:SyntaxError|ValueError|TypeError|RepositoryError|RuntimeError)$/.test(error.constructor.name)) {
    return new UpdateRefused('the list of releases cannot be read');
  }
  return error;
}

/**
 * The newest release for this machine; undefined where there is none. The list is verified by The Update Framework (TUF 1.0):
 * signatures of a threshold of keys, expiry, and that no part of it is older than, or mixed with, what was seen before. Throws
 * UpdateRefused, and CollectorError where the collector cannot be reached.
 */
export async function newestRelease({
  memory,
  root,
  target,
  collector,
}: ReleaseSource): Promise<Release | undefined> {
  const metadata = join(memory, 'metadata');
  await mkdir(metadata, { recursive: true, mode: 0o700 });
  // From then on the memory's own root is what counts: a package that is installed again cannot set it back.
  if (!existsSync(join(metadata, 'root.json'))) await copyFile(root, join(metadata, 'root.json'));
  const updater = new Updater({
    metadataDir: metadata,
    metadataBaseUrl: 'https://collector/updates/metadata',
    targetDir: memory,
    targetBaseUrl: 'https://collector/updates/targets',
    fetcher: new CollectorFetcher(collector),
  });
  try {
    await updater.refresh();
    const file = await updater.getTargetInfo(`muster-agent-${target}.tar.gz`);
    const version = file?.custom['version'];
    if (file === undefined || typeof version !== 'string' || !/^\d+(?:\.\d+){1,3}$/.test(version))
      return undefined;
    return {
      version,
      async download(path) {
        await rm(path, { force: true });
        try {
          await updater.downloadTarget(file, path);
        } catch (error) {
          await rm(path, { force: true });
          throw refusal(error);
        }
      },
    };
  } catch (error) {
    throw refusal(error);
  }
}
