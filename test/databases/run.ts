import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopCluster } from './postgres-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly clusterFolder: string;
  }
}

/** One PostgreSQL cluster a test run, started by the first test that needs it and ended with the run. */
export default function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-postgres-'));
  project.provide('clusterFolder', folder);
  return () => stopCluster(folder);
}
