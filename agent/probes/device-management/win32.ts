import { known } from '../../../shared/answer.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import { flag, object } from '../../readings/win32/values.ts';

async function isRegistered(sources: Sources): Promise<boolean> {
  const what = 'IsDeviceRegisteredWithManagement';
  const { registered } = object(await sources.win32(what, []), what);
  return flag(registered, what);
}

/** Enrollment in device management. Every service that enrolls a Windows machine can wipe it (RemoteWipe). Windows 10 and 11. */
export const win32: PointProbes<'device-management'> = {
  managed: async (sources) => known({ enrolled: await isRegistered(sources) }),
  'lost-mode': async (sources) => known({ capable: await isRegistered(sources) }),
};
