import type { PlatformProbes } from '../probe.ts';
import { darwin as accounts } from './accounts/darwin.ts';
import { darwin as adminRights } from './admin-rights/darwin.ts';
import { darwin as autoLogin } from './auto-login/darwin.ts';
import { darwin as diskEncryption } from './disk-encryption/darwin.ts';
import { darwin as firewall } from './firewall/darwin.ts';
import { darwin as malwareProtection } from './malware-protection/darwin.ts';
import { darwin as osSupport } from './os-support/darwin.ts';
import { darwin as osUpdates } from './os-updates/darwin.ts';
import { darwin as passwordPolicy } from './password-policy/darwin.ts';
import { darwin as platformIntegrity } from './platform-integrity/darwin.ts';
import { darwin as removableMedia } from './removable-media/darwin.ts';
import { darwin as screenLock } from './screen-lock/darwin.ts';

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
  'app-updates': 'unsupported',
  'platform-integrity': platformIntegrity,
  'remote-access': 'unsupported',
  'file-sharing': 'unsupported',
  'wifi-security': 'unsupported',
  'wired-preferred': 'unsupported',
  'legacy-tls': 'unsupported',
  'cloud-sync': 'unsupported',
  backup: 'unsupported',
  'password-manager': 'unsupported',
  'ssh-keys': 'unsupported',
  'trash-cleanup': 'unsupported',
  'time-sync': 'unsupported',
  'security-log': 'unsupported',
  'required-apps': 'unsupported',
  'device-management': 'unsupported',
};
