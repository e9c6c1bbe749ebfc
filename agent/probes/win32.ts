import type { PlatformProbes } from '../probe.ts';
import { win32 as accounts } from './accounts/win32.ts';
import { win32 as adminRights } from './admin-rights/win32.ts';
import { win32 as appUpdates } from './app-updates/win32.ts';
import { win32 as autoLogin } from './auto-login/win32.ts';
import { win32 as backup } from './backup/win32.ts';
import { win32 as cloudSync } from './cloud-sync/win32.ts';
import { win32 as deviceManagement } from './device-management/win32.ts';
import { win32 as diskEncryption } from './disk-encryption/win32.ts';
import { win32 as fileSharing } from './file-sharing/win32.ts';
import { win32 as firewall } from './firewall/win32.ts';
import { win32 as legacyTls } from './legacy-tls/win32.ts';
import { win32 as malwareProtection } from './malware-protection/win32.ts';
import { win32 as osSupport } from './os-support/win32.ts';
import { win32 as osUpdates } from './os-updates/win32.ts';
import { win32 as passwordManager } from './password-manager/win32.ts';
import { win32 as passwordPolicy } from './password-policy/win32.ts';
import { win32 as platformIntegrity } from './platform-integrity/win32.ts';
import { win32 as remoteAccess } from './remote-access/win32.ts';
import { win32 as removableMedia } from './removable-media/win32.ts';
import { win32 as requiredApps } from './required-apps/win32.ts';
import { win32 as screenLock } from './screen-lock/win32.ts';
import { win32 as securityLog } from './security-log/win32.ts';
import { win32 as sshKeys } from './ssh-keys/win32.ts';
import { win32 as timeSync } from './time-sync/win32.ts';
import { win32 as trashCleanup } from './trash-cleanup/win32.ts';
import { win32 as wifiSecurity } from './wifi-security/win32.ts';
import { win32 as wiredPreferred } from './wired-preferred/win32.ts';

/** How each check is read on Windows. A check that is left out does not compile. */
export const win32: PlatformProbes = {
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
