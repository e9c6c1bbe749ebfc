import { tableOf } from '../check.ts';
import { accounts } from './accounts.ts';
import { adminRights } from './admin-rights.ts';
import { agentHealth } from './agent-health.ts';
import { appUpdates } from './app-updates.ts';
import { autoLogin } from './auto-login.ts';
import { backup } from './backup.ts';
import { cloudSync } from './cloud-sync.ts';
import { deviceApproval } from './device-approval.ts';
import { deviceManagement } from './device-management.ts';
import { deviceOwnership } from './device-ownership.ts';
import { diskEncryption } from './disk-encryption.ts';
import { fileSharing } from './file-sharing.ts';
import { firewall } from './firewall.ts';
import { legacyTls } from './legacy-tls.ts';
import { malwareProtection } from './malware-protection.ts';
import { osSupport } from './os-support.ts';
import { osUpdates } from './os-updates.ts';
import { passwordManager } from './password-manager.ts';
import { passwordPolicy } from './password-policy.ts';
import { platformIntegrity } from './platform-integrity.ts';
import { remoteAccess } from './remote-access.ts';
import { removableMedia } from './removable-media.ts';
import { requiredApps } from './required-apps.ts';
import { screenLock } from './screen-lock.ts';
import { securityLog } from './security-log.ts';
import { sshKeys } from './ssh-keys.ts';
import { timeSync } from './time-sync.ts';
import { trashCleanup } from './trash-cleanup.ts';
import { wifiSecurity } from './wifi-security.ts';
import { wiredPreferred } from './wired-preferred.ts';

/** The catalogue, in the order people read it. */
export const checks = tableOf({
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
  'agent-health': agentHealth,
  'device-ownership': deviceOwnership,
  'device-approval': deviceApproval,
} as const);

export type CheckId = keyof typeof checks;
export const checkIds = Object.keys(checks) as CheckId[];
