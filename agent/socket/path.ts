import { join } from 'node:path';

/** The longest request: the id of a check and the end of the line. */
export const maxRequestBytes = 64;
/** The longest answer: the facts of one check are a few hundred bytes. */
export const maxAnswerBytes = 64 * 1024;

/**
 * Where the service of this machine listens. Only its own account can make a socket there: /run and /var/run belong to root, and
 * Windows lets nobody but administrators make a pipe below ProtectedPrefix\Administrators, so that nobody can pose as the service.
 */
export function socketPath(platform = process.platform, env = process.env): string {
  if (platform === 'win32') return '\\\\.\\pipe\\ProtectedPrefix\\Administrators\\muster-agent';
  const given = env['MUSTER_STATE'];
  if (given !== undefined && given !== '') return join(given, 'agent.sock');
  return platform === 'darwin' ? '/var/run/muster/agent.sock' : '/run/muster/agent.sock';
}
