import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Beside the bundle, never in a shared temporary folder: what lies there is run.
enableCompileCache(join(import.meta.dirname, '.cache'));
await import('./main.ts');
