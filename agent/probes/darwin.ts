import type { PlatformProbes } from '../probe.ts';
import { darwin as accounts } from './accounts/darwin.ts';
import { darwin as adminRights } from './admin-rights/darwin.ts';
import { darwin as appUpdates } from './app-updates/darwin.ts';
import { darwin as autoLogin } from './auto-login/darwin.ts';
import { darwin as backup } from './backup/darwin.ts';
import { darwin as cloudSync } from './cloud-sync/darwin.ts';
import { darwin as deviceManagement } from './device-management/darwin.ts';
import { darwin as diskEncryption } from './disk-encryption/darwin.ts';
import { darwin as fileSharing } from './file-sharing/darwin.ts';
import { darwin as firewall } from './firewall/darwin.ts';
import { darwin as legacyTls } from './legacy-tls/darwin.ts';
import { darwin as malwareProtection } from './malware-protection/darwin.ts';
import { darwin as osSupport } from './os-support/darwin.ts';
import { darwin as osUpdates } from './os-updates/darwin.ts';
import { darwin as passwordManager } from './password-manager/darwin.ts';
import { darwin as passwordPolicy } from './password-policy/darwin.ts';
import { darwin as platformIntegrity } from './platform-integrity/darwin.ts';
import { darwin as remoteAccess } from './remote-access/darwin.ts';
import { darwin as removableMedia } from './removable-media/darwin.ts';
import { darwin as requiredApps } from './required-apps/darwin.ts';
import { darwin as screenLock } from './screen-lock/darwin.ts';
import { darwin as securityLog } from './security-log/darwin.ts';
import { darwin as sshKeys } from './ssh-keys/darwin.ts';
import { darwin as timeSync } from './time-sync/darwin.ts';
import { darwin as trashCleanup } from './trash-cleanup/darwin.ts';
import { darwin as wifiSecurity } from './wifi-security/darwin.ts';
import { darwin as wiredPreferred } from './wired-preferred/darwin.ts';

/** How each check is read on macOS. A check that is left out does not compile. */
export const darwin: PlatformProbes = {
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
