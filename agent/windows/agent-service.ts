import { join } from 'node:path';
import type { ServiceDefinition } from '../sources/win32/service-registration.ts';

/** What Windows' service manager calls the agent. The installer's tables name it, too. */
export const serviceName = 'MusterAgent';

/** Without a compiler, as everywhere: then nothing need be writable and executable; the heap grows in small steps. */
const flags = '--max-semi-space-size=1 --jitless --optimize-for-size';

/** The agent installed below `home`, as a service that is started again a minute after it failed. */
export function agentService(home: string): ServiceDefinition {
  const at = (path: string) => `"${join(home, 'current', path)}"`;
  return {
    name: serviceName,
    displayName: 'Muster agent',
    description: 'Tells the organization how this computer is set up.',
    command: `${at('bin/node.exe')} ${flags} ${at('dist/agent/start.js')} --service --managed`,
    restartAfterMs: [60_000, 60_000, 300_000],
  };
}
