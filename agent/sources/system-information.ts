import { SourceError } from '../probe.ts';

/** The calls a probe may make; each is cheap and starts at most one child. */
const calls = ['battery', 'chassis', 'system', 'uuid', 'osInfo', 'time'] as const;

/**
 * The only home of systeminformation. It swallows errors and answers "" for both absent and unreadable, so a blank is a
 * `missing` error here and never an answer.
 */
export async function readSystemInformation(name: string): Promise<unknown> {
  const call = calls.find((known) => known === name);
  if (call === undefined) throw new SourceError('unsupported', `no such call: ${name}`);
  const { default: systemInformation } = await import('systeminformation');
  const result: unknown = await systemInformation[call]();
  if (result === '' || result === null || result === undefined) {
    throw new SourceError('missing', `${name}: no answer`);
  }
  return result;
}
