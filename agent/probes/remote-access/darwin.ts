import { type Answer, known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, type Sources } from '../../probe.ts';
import { securityInfo } from '../../readings/darwin/security-info.ts';
import {
  foreignPort,
  holderOf,
  openPorts,
  type ServiceState,
  serviceState,
} from '../../readings/darwin/services.ts';
import { told } from '../../readings/darwin/told.ts';

const managementPort = 3283;

/** Remote Management (ARD): its launchd trigger file, mdmclient's word, or its agent listening. */
async function remoteManagement(sources: Sources): Promise<ServiceState> {
  const path = '/Library/Application Support/Apple/Remote Desktop/RemoteManagement.launchd';
  const trigger = await told((async () => (await absentAsUndefined(sources.file(path))) !== undefined)());
  const reported = await told(securityInfo(sources, 'RemoteDesktopEnabled'));
  if (trigger === true || reported === true) return 'on';
  const open = (await openPorts(sources))?.has(managementPort);
  const quiet = trigger === false || reported === false ? 'off' : 'unknown';
  if (open !== true) return (await holderOf(sources, managementPort)) === 'system' ? 'on' : quiet;
  return foreignPort(sources, managementPort);
}

type Service = 'ssh' | 'vnc' | 'remote-events' | 'remote-management';

export const darwin: PointProbes<'remote-access'> = {
  async off(sources): Promise<Answer<{ services: { service: Service; state: ServiceState }[] }>> {
    return known({
      services: [
        { service: 'ssh', state: await serviceState(sources, 'com.openssh.sshd', 22) },
        { service: 'vnc', state: await serviceState(sources, 'com.apple.screensharing', 5900) },
        { service: 'remote-events', state: await serviceState(sources, 'com.apple.AEServer', 3031) },
        { service: 'remote-management', state: await remoteManagement(sources) },
      ],
    });
  },
};
