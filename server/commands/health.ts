import type { Arguments } from '../arguments.ts';
import { readConfiguration } from '../configuration.ts';

/**
 * `collector health`: 0 when the collector of these settings says that it can work, 1 when it says no or nothing. For container
 * engines and scripts on the same machine; what its certificate says is for others to judge.
 */
export async function health(_args: Arguments): Promise<number> {
  const { host, port, tls } = readConfiguration(process.env);
  const hostname = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  const { get } = tls === undefined ? await import('node:http') : await import('node:https');
  const status = await new Promise<number | undefined>((resolve) => {
    const request = get(
      { hostname, port, path: '/readyz', timeout: 4_000, rejectUnauthorized: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
  process.stdout.write(
    status === 200
      ? 'It can work.\n'
      : status === undefined
        ? 'It does not answer.\n'
        : 'It cannot work now.\n',
  );
  return status === 200 ? 0 : 1;
}
