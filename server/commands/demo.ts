import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, numberOf, UsageError } from '../arguments.ts';
import { type Configuration, readConfiguration } from '../configuration.ts';
import { issueSignInLink } from '../issue.ts';
import { seedSampleFleet } from '../sample/fleet.ts';
import { seedRecords } from '../sample/records.ts';
import { seedSentences } from '../sample/sentences.ts';
import { createCollectorKey } from '../signing/collector-key.ts';
import { openStores } from '../storage/stores.ts';
import { serveUntilStopped } from './serve.ts';

const linkHours = 24;
const marker = 'SAMPLE-DATA.txt';

/** `collector demo`: a made-up fleet with a past, in a folder of its own, served until it is stopped. */
export async function demo(args: Arguments): Promise<number> {
  const devices = numberOf(args, 'devices', 200, { min: 3, max: 20_000 });
  const days = numberOf(args, 'days', 90, { min: 7, max: 400 });
  const configuration = demoConfiguration(process.env);
  const startedAt = performance.now();
  const say = (text: string) => process.stderr.write(text);
  const shown = (done: number) => {
    if (done % 15 === 0) say(`demo: day ${done} of ${days}\n`);
  };
  say(`demo: ${devices} made-up laptops, ${days} days, in ${configuration.dataFolder}\n`);
  const link = await makeDemo(configuration, { devices, days, progress: shown });
  say(`demo: made in ${Math.round((performance.now() - startedAt) / 1_000)} s\n`);
  return serveUntilStopped(configuration, () => {
    process.stdout.write(
      `Everything in it is made up. Sign in once with this link, good for ${linkHours} hours:\n  ${link}\n`,
    );
  });
}

/** The settings a demonstration runs with: everything as set, but in a folder and a database of its own. */
export function demoConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const { dataFolder } = readConfiguration({ ...environment, DATABASE_URL: '' });
  return readConfiguration({ ...environment, DATABASE_URL: '', MUSTER_DATA: join(dataFolder, 'demo') });
}

/**
 * Makes the folder anew, fills it and answers a link that signs the made-up contractor in once. Throws UsageError where the
 * folder holds anything but an earlier demonstration.
 */
export async function makeDemo(
  configuration: Configuration,
  given: {
    readonly devices: number;
    readonly days: number;
    readonly progress?: (done: number) => void;
    readonly now?: Date;
  },
): Promise<string> {
  const { dataFolder, databaseUrl } = configuration;
  if (existsSync(dataFolder)) {
    if (!existsSync(join(dataFolder, marker))) {
      throw new UsageError(`demo: ${dataFolder} is no demonstration; move it away or set MUSTER_DATA`);
    }
    rmSync(dataFolder, { recursive: true });
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeFileSync(join(dataFolder, marker), 'Everything in this folder is made up and may be deleted.\n');
  createCollectorKey(dataFolder);
  if (configuration.selfSigned && configuration.tls !== undefined) {
    const { createSelfSigned } = await import('../signing/self-signed.ts');
    await createSelfSigned(configuration.tls, new URL(configuration.publicUrl).hostname);
  }
  const stores = await openStores(databaseUrl, dataFolder);
  try {
    const { now = new Date(), ...fleet } = given;
    const begun = new Date(now.getTime() - given.days * 86_400_000);
    const person = { email: 'thandi@it.example', name: 'Thandi Mokoena' };
    const user = await stores.users.create(person, 'console', begun);
    const other = { email: 'naledi@it.example', name: 'Naledi Dube' };
    const reviewer = await stores.users.create(other, 'console', begun);
    const people = { contractor: `user:${user.id}`, reviewer: `user:${reviewer.id}` } as const;
    for (const organization of await seedSampleFleet({ stores, now, people, ...fleet })) {
      const { number } = organization;
      await seedSentences(stores, organization, people.contractor, { from: begun, now });
      await seedRecords(stores, organization, people, now);
      await stores.users.grant(reviewer, number, 'reviewer', 'console', begun);
      for (const role of ['admin', 'contractor'] as const) {
        await stores.users.grant(user, number, role, 'console', begun);
      }
    }
    const expiresAt = new Date(Date.now() + linkHours * 3_600_000);
    return await issueSignInLink(stores, configuration, user, expiresAt, new Date());
  } finally {
    await stores.close();
  }
}
