import { parseArgs } from 'node:util';
import { archiveOf, releaseKeys, writeRelease } from './release-repository.ts';

/**
 * `npm run release -- --keys FOLDER --to FOLDER ARCHIVE...`: signs archives of `npm run installers` into a repository that a
 * collector offers from its data folder's `updates/`. Without archives it renews what is there, before it expires.
 */
const say = (text: string) => process.stderr.write(`${text}\n`);

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      keys: { type: 'string' },
      to: { type: 'string' },
      'create-keys': { type: 'boolean', default: false },
    },
  });
  if (values.keys === undefined || values.to === undefined) {
    say('release: npm run release -- --keys FOLDER --to FOLDER [--create-keys] [ARCHIVE...]');
    return 64;
  }
  const archives = positionals.map((path) => {
    const archive = archiveOf(path);
    if (archive === undefined)
      throw new Error(`${path} is no archive such as muster-agent-0.1.0-darwin-arm64.tar.gz`);
    return archive;
  });
  const root = writeRelease(values.to, releaseKeys(values.keys, values['create-keys']), archives, new Date());
  for (const { name, version } of archives) say(`  ${name} is version ${version} now`);
  say(
    `Signed. Installers take ${root} along as release-root.json (MUSTER_RELEASE_ROOT=FILE npm run installers).`,
  );
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  say(`release: ${(error as Error).message}`);
  process.exitCode = 1;
}
