import type { Sources } from '../../probe.ts';
import { integer, object } from './values.ts';

/** Of the fixed list of services that matter here, the state of those that are installed. */
export interface Services {
  isRunning(name: string): boolean;
}

const running = 4;

/** The service table, from EnumServicesStatusEx. A service without an entry is not installed. */
export async function readServices(sources: Sources): Promise<Services> {
  const what = 'EnumServicesStatusEx';
  const { services } = object(await sources.win32(what, []), what);
  const states = new Map(
    Object.entries(object(services, what)).map(([name, state]) => [
      name.toLowerCase(),
      integer(state, what, 1, 7),
    ]),
  );
  return { isRunning: (name) => states.get(name.toLowerCase()) === running };
}
