import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Preloaded with --import: at the end prints every module that was asked for, one a line, on file descriptor 3.
const seen = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    seen.add(found.url);
    return found;
  },
});
process.on('exit', () => writeSync(3, [...seen].join('\n')));
