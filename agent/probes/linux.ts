import type { PlatformProbes } from '../probe.ts';
import { linux as accounts } from './accounts/linux.ts';
import { linux as adminRights } from './admin-rights/linux.ts';
import { linux as appUpdates } from './app-updates/linux.ts';
import { linux as autoLogin } from './auto-login/linux.ts';
import { linux as backup } from './backup/linux.ts';
import { linux as cloudSync } from './cloud-sync/linux.ts';
import { linux as deviceManagement } from './device-management/linux.ts';
import { linux as diskEncryption } from './disk-encryption/linux.ts';
import { linux as fileSharing } from './file-sharing/linux.ts';
import { linux as firewall } from './firewall/linux.ts';
import { linux as legacyTls } from './legacy-tls/linux.ts';
import { linux as malwareProtection } from './malware-protection/linux.ts';
import { linux as osSupport } from './os-support/linux.ts';
import { linux as osUpdates } from './os-updates/linux.ts';
import { linux as passwordManager } from './password-manager/linux.ts';
import { linux as passwordPolicy } from './password-policy/linux.ts';
import { linux as platformIntegrity } from './platform-integrity/linux.ts';
import { linux as remoteAccess } from './remote-access/linux.ts';
import { linux as removableMedia } from './removable-media/linux.ts';
import { linux as requiredApps } from './required-apps/linux.ts';
import { linux as screenLock } from './screen-lock/linux.ts';
import { linux as securityLog } from './security-log/linux.ts';
import { linux as sshKeys } from './ssh-keys/linux.ts';
import { linux as timeSync } from './time-sync/linux.ts';
import { linux as trashCleanup } from './trash-cleanup/linux.ts';
import { linux as wifiSecurity } from './wifi-security/linux.ts';
import { linux as wiredPreferred } from './wired-preferred/linux.ts';

/** How each check is read on Linux. A check that is left out does not compile. */
export const linux: PlatformProbes = {
  'screen-lock': screenLock,
  'disk-encryption': diskEncryption,
  'password-policy': passwordPolicy,
  firewall,
  'removable-media': removableMedia,
  accounts,
  'auto-login': autoLogin,
  'admin-rights': adminRights,
  'malware-protection': malwareProtection,
  'os-support': osSupport,
  'os-updates': osUpdates,
  'app-updates': appUpdates,
  'platform-integrity': platformIntegrity,
  'remote-access': remoteAccess,
  'file-sharing': fileSharing,
  'wifi-security': wifiSecurity,
  'wired-preferred': wiredPreferred,
  'legacy-tls': legacyTls,
  'cloud-sync': cloudSync,
  backup,
  'password-manager': passwordManager,
  'ssh-keys': sshKeys,
  'trash-cleanup': trashCleanup,
  'time-sync': timeSync,
  'security-log': securityLog,
  'required-apps': requiredApps,
  'device-management': deviceManagement,
};
