import type { PlatformProbes } from '../probe.ts';
import { linux as accounts } from './accounts/linux.ts';
import { linux as adminRights } from './admin-rights/linux.ts';
import { linux as autoLogin } from './auto-login/linux.ts';
import { linux as diskEncryption } from './disk-encryption/linux.ts';
import { linux as fileSharing } from './file-sharing/linux.ts';
import { linux as firewall } from './firewall/linux.ts';
import { linux as osSupport } from './os-support/linux.ts';
import { linux as osUpdates } from './os-updates/linux.ts';
import { linux as passwordPolicy } from './password-policy/linux.ts';
import { linux as platformIntegrity } from './platform-integrity/linux.ts';
import { linux as remoteAccess } from './remote-access/linux.ts';
import { linux as removableMedia } from './removable-media/linux.ts';
import { linux as screenLock } from './screen-lock/linux.ts';
import { linux as sshKeys } from './ssh-keys/linux.ts';
import { linux as timeSync } from './time-sync/linux.ts';
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
  'malware-protection': 'unsupported',
  'os-support': osSupport,
  'os-updates': osUpdates,
  'app-updates': 'unsupported',
  'platform-integrity': platformIntegrity,
  'remote-access': remoteAccess,
  'file-sharing': fileSharing,
  'wifi-security': wifiSecurity,
  'wired-preferred': wiredPreferred,
  'legacy-tls': 'unsupported',
  'cloud-sync': 'unsupported',
  backup: 'unsupported',
  'password-manager': 'unsupported',
  'ssh-keys': sshKeys,
  'trash-cleanup': 'unsupported',
  'time-sync': timeSync,
  'security-log': 'unsupported',
  'required-apps': 'unsupported',
  'device-management': 'unsupported',
};
