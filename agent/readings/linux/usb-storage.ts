import { absentAsUndefined, SourceError, type Sources } from '../../probe.ts';
import { answered } from './answered.ts';
import { parseAssignments } from './configuration.ts';
import { readServices } from './services.ts';

/** One way to keep USB storage out, and whether it does. */
export interface Block {
  readonly blocks: boolean;
  /** Something was set up that has no effect where it stands. */
  readonly ineffective: boolean;
}

/**
 * `modprobe --showconfig`: `install usb_storage /bin/false` keeps the driver out (uas needs it too); `blacklist usb_storage` only
 * stops it from being loaded by name. Hyphens and underscores are the same. Throws SourceError.
 */
export async function readDriverBlock(sources: Sources): Promise<Block> {
  const { stdout } = await answered(sources, ['modprobe', '--showconfig']);
  return parseDriverBlock(stdout);
}

/** See `readDriverBlock`. */
export function parseDriverBlock(stdout: string): Block {
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const about = lines.filter(([, module]) => module?.replaceAll('-', '_') === 'usb_storage');
  const installs = about.filter(([word]) => word === 'install');
  const blocks =
    installs.length > 0 &&
    installs.every(([, , ...command]) => /^(\/usr)?\/bin\/(false|true)$/.test(command.join(' ')));
  return { blocks, ineffective: !blocks && about.some(([word]) => word === 'blacklist') };
}

/**
 * USBGuard: blocks while its service runs, what no rule names is blocked or rejected, and no rule lets storage in (interface class
 * 08, or a device whatever its interfaces). Its files need root. Throws SourceError.
 */
export async function readUsbGuardBlock(sources: Sources): Promise<Block> {
  const text = await absentAsUndefined(
    sources.file('/etc/usbguard/usbguard-daemon.conf').catch(unlessInactive(sources)),
  );
  if (text === undefined) return { blocks: false, ineffective: false };
  if (!(await readServices(sources)).unit('usbguard.service').active)
    return { blocks: false, ineffective: true };
  const settings = parseAssignments(text);
  const target = settings.get('ImplicitPolicyTarget');
  const inserted = settings.get('InsertedDevicePolicy') ?? 'apply-policy';
  if (target === undefined) throw new SourceError('missing', 'ImplicitPolicyTarget is not set');
  if (!/^(block|reject)$/.test(target) || !/^(block|reject|apply-policy)$/.test(inserted)) {
    return { blocks: false, ineffective: true };
  }
  const ruleFile = settings.get('RuleFile') ?? '/etc/usbguard/rules.conf';
  if (ruleFile !== '/etc/usbguard/rules.conf')
    throw new SourceError('unsupported', 'USBGuard reads other rules');
  const rules = (await absentAsUndefined(sources.file('/etc/usbguard/rules.conf'))) ?? '';
  const letsIn = rules.split('\n').some(letsStorageIn);
  return { blocks: !letsIn, ineffective: letsIn };
}

/** Without root the file cannot be read; where the service does not run, that does not matter. */
function unlessInactive(sources: Sources): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof SourceError && error.reason === 'denied') {
      const { active } = (await readServices(sources)).unit('usbguard.service');
      if (!active) throw new SourceError('missing', 'USBGuard does not run', 'ENOENT');
    }
    throw error;
  };
}

/** `allow id 0951:1666 with-interface 08:06:50`, `allow with-interface one-of { 08:*:* 03:01:01 }`, `allow id 046d:c52b`. */
export function letsStorageIn(rule: string): boolean {
  const words = rule.replace(/#.*$/, '').trim();
  if (!/^allow\b/.test(words)) return false;
  const interfaces = /\bwith-interface\b(.*)$/.exec(words)?.[1];
  if (interfaces === undefined) return true;
  const classes = [...interfaces.matchAll(/([0-9a-f]{2}|\*):(?:[0-9a-f]{2}|\*):(?:[0-9a-f]{2}|\*)/gi)];
  return classes.length === 0 || classes.some(([, first]) => first === '08' || first === '*');
}
