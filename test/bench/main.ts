import { benchAgent } from './agent.ts';
import { runBundled } from './bundled.ts';
import { benchDatabases } from './databases.ts';
import { benchIngest } from './ingest.ts';

import { benchOthers } from './others.ts';

import { benchService } from './service.ts';

/** `npm run bench`: every figure beside the raw limit measured in the same run. Some sections only: `npm run bench agent`. */
const sections: Record<string, () => Promise<void>> = {
  agent: benchAgent,
  others: benchOthers,
  service: benchService,
  ingest: benchIngest,
  databases: benchDatabases,
  pages: () => runBundled('pages', 'benchPages'),
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await run();
  process.stdout.write('\n');
}
