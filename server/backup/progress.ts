import { count } from '../../shared/words.ts';

const everyMs = 1_000;

/** Says on stderr how far it is, at most once a second. */
export function progressOnStderr(): (rows: number, of: number) => void {
  let saidAt = Date.now();
  return (rows, of) => {
    if (Date.now() - saidAt < everyMs) return;
    saidAt = Date.now();
    process.stderr.write(`collector: ${rows.toLocaleString('en')} of ${count(of, 'row')}\n`);
  };
}
