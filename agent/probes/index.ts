import type { Probes } from '../probe.ts';
import { accounts } from './accounts/index.ts';
import { adminRights } from './admin-rights/index.ts';
import { appUpdates } from './app-updates/index.ts';
import { autoLogin } from './auto-login/index.ts';
import { backup } from './backup/index.ts';
import { cloudSync } from './cloud-sync/index.ts';
import { deviceManagement } from './device-management/index.ts';
import { diskEncryption } from './disk-encryption/index.ts';
import { fileSharing } from './file-sharing/index.ts';
import { firewall } from './firewall/index.ts';
import { legacyTls } from './legacy-tls/index.ts';
import { malwareProtection } from './malware-protection/index.ts';
import { osSupport } from './os-support/index.ts';
import { osUpdates } from './os-updates/index.ts';
import { passwordManager } from './password-manager/index.ts';
import { passwordPolicy } from './password-policy/index.ts';
import { platformIntegrity } from './platform-integrity/index.ts';
import { remoteAccess } from './remote-access/index.ts';
import { removableMedia } from './removable-media/index.ts';
import { requiredApps } from './required-apps/index.ts';
import { screenLock } from './screen-lock/index.ts';
import { securityLog } from './security-log/index.ts';
import { sshKeys } from './ssh-keys/index.ts';
import { timeSync } from './time-sync/index.ts';
import { trashCleanup } from './trash-cleanup/index.ts';
import { wifiSecurity } from './wifi-security/index.ts';
import { wiredPreferred } from './wired-preferred/index.ts';

/** How each check is read. A check of the catalogue without a probe does not compile. */
export const probes: Probes = {
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
