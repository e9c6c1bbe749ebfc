import { storeForNewKey, storeOfKey } from '../../../agent/secrets/index.ts';

// Run in a session of its own: where a new key would go, whether it comes back, and whether it is gone afterwards.
const [directory = ''] = process.argv.slice(2);
const store = await storeForNewKey(directory);
await store.write('a secret');
const found = await storeOfKey(directory);
const same = (await found?.read()) === 'a secret';
await found?.remove();
const gone = (await storeOfKey(directory)) === undefined;
process.stdout.write(JSON.stringify({ home: store.home, foundIn: found?.home, same, gone }));
