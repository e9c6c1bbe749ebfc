import { SourceError, type Sources } from '../../probe.ts';
import { codeError } from '../recording.ts';
import { domainJoin, entraJoin, localUsers, managementRegistration, userModals } from './accounts.ts';
import { logicalDrives } from './drives.ts';
import { type Native, openNative } from './native.ts';
import { networkInterfaces, shares, tcpListeners } from './network.ts';
import { powerCapabilities, powerValue } from './power.ts';
import { firmwareType, oldestEvent, securityProviderHealth, tpmInfo } from './security.ts';
import { serviceStates } from './services.ts';
import { enumerateSessions } from './sessions.ts';
import { wlanConnections, wlanInterfaces, wlanProfiles } from './wlan.ts';

type Call = (native: Native) => unknown;

/** The documented native calls by name and arguments, as recordings key them. */
function findCall(name: string, args: readonly unknown[]): Call | undefined {
  const [first, second] = args;
  const documented: Record<string, Call> = {
    'WTSEnumerateSessions[]': enumerateSessions,
    'NetGetAadJoinInformation[null]': entraJoin,
    'NetGetJoinInformation[]': domainJoin,
    'CallNtPowerInformation[4]': powerCapabilities,
    'NetUserModalsGet[0]': (native) => userModals(native, 0),
    'NetUserModalsGet[3]': (native) => userModals(native, 3),
    'NetUserEnum[20]': localUsers,
    'GetLogicalDrives[]': logicalDrives,
    'EnumServicesStatusEx[]': serviceStates,
    'GetFirmwareType[]': firmwareType,
    'Tbsi_GetDeviceInfo[]': tpmInfo,
    'WscGetSecurityProviderHealth[1]': (native) => securityProviderHealth(native, 1),
    'WscGetSecurityProviderHealth[4]': (native) => securityProviderHealth(native, 4),
    'NetShareEnum[1]': shares,
    'WlanEnumInterfaces[]': wlanInterfaces,
    'WlanQueryInterface[7]': wlanConnections,
    'WlanGetProfileList[]': wlanProfiles,
    'EvtQuery["Security"]': (native) => oldestEvent(native, 'Security'),
    'GetIfTable2[]': networkInterfaces,
    'GetExtendedTcpTable[]': tcpListeners,
    'IsDeviceRegisteredWithManagement[]': managementRegistration,
  };
  const current = { PowerReadACValueIndex: 'AC', PowerReadDCValueIndex: 'DC' } as const;
  const plan = current[name as keyof typeof current];
  if (plan !== undefined && typeof first === 'string' && typeof second === 'string') {
    return (native) => powerValue(native, plan, first, second);
  }
  return documented[`${name}${JSON.stringify(args)}`];
}

/**
 * Native calls of this Windows, in the result shapes recordings have. Throws SourceError and nothing else: the system's error
 * number in hex, `0x7f` for a call nobody documented or this Windows does not have.
 */
export function win32Source(open: () => Promise<Native> = openNative): Sources['win32'] {
  return async (name, args) => {
    const call = findCall(name, args);
    if (call === undefined) throw new SourceError('unsupported', `${name} is not a documented call`, '0x7f');
    try {
      return await call(await open());
    } catch (error) {
      if (error instanceof SourceError) throw error;
      // A structure that was not as documented: ERROR_INVALID_DATA.
      throw codeError('0xd');
    }
  };
}
