import { type Answer, known } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { rootVolume } from '../../readings/darwin/disks.ts';
import { linesOf, soleMatch } from '../../readings/darwin/lines.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import { majorRelease } from '../../readings/darwin/os-version.ts';
import { readPropertyList, switchIn, textIn } from '../../readings/darwin/property-list.ts';
import { securityInfo } from '../../readings/darwin/security-info.ts';
import { told } from '../../readings/darwin/told.ts';

/**
 * `csrutil status`: the first line alone, and exactly `System Integrity Protection status: enabled.`; with a bracket
 * (`unknown (Custom Configuration).`) parts of it are off, and the lines below say "enabled" many times. macOS 12 to 27.
 */
export function parseSystemIntegrity(stdout: string): 'on' | 'off' | 'custom' {
  const first = linesOf(stdout)[0];
  const word = /^System Integrity Protection status: (.*)\.$/.exec(first ?? '')?.[1];
  if (word === 'enabled') return 'on';
  if (word === 'disabled') return 'off';
  if (word !== undefined && /^\w+ \(.*\)$/.test(word)) return 'custom';
  throw unparseable('csrutil');
}

/** `csrutil authenticated-root status`: `Authenticated Root status: enabled`, with or without a full stop. */
export function parseAuthenticatedRoot(stdout: string): boolean {
  return soleMatch(stdout, /^Authenticated Root status: (enabled|disabled)\.?$/, 'csrutil')[1] === 'enabled';
}

async function sealed(sources: Sources): Promise<boolean> {
  const value = textIn(await rootVolume(sources), 'Sealed');
  if (value === 'Yes') return true;
  if (value === 'No' || value === 'Broken') return false;
  throw unparseable('diskutil info');
}

type Part = {
  part: 'sip' | 'authenticated-root' | 'sealed-system';
  state: 'on' | 'off' | 'custom' | 'unknown';
};

const stateOf = (on: boolean | undefined) => (on === undefined ? 'unknown' : on ? 'on' : 'off');

async function integrity(sources: Sources): Promise<Answer<{ parts: Part[] }>> {
  const readSip = () =>
    firstOf<'on' | 'off' | 'custom'>(
      async () => parseSystemIntegrity((await sources.command(['/usr/bin/csrutil', 'status'])).stdout),
      async () => ((await securityInfo(sources, 'SystemIntegrityProtectionEnabled')) ? 'on' : 'off'),
    );
  const root = await told(
    firstOf(
      async () =>
        parseAuthenticatedRoot(
          (await sources.command(['/usr/bin/csrutil', 'authenticated-root', 'status'])).stdout,
        ),
      () => securityInfo(sources, 'AuthenticatedRootVolumeEnabled'),
    ),
  );
  const seal = await told(sealed(sources));
  const sip = (await told(readSip())) ?? 'unknown';
  // When not one of them told anything, the reason is worth more than three unknown parts.
  if (sip === 'unknown' && root === undefined && seal === undefined) await readSip();
  return known({
    parts: [
      { part: 'sip', state: sip },
      { part: 'authenticated-root', state: stateOf(root) },
      { part: 'sealed-system', state: stateOf(seal) },
    ],
  });
}

/** `spctl --status`: `assessments enabled`, on either stream. Exit code 4 is that of an option it no longer knows. */
export function parseAssessments(stdout: string, stderr: string, exitCode: number): boolean {
  if (exitCode === 4) throw unparseable('spctl');
  const form = /^assessments (enabled|disabled)$/;
  return soleMatch(`${stdout}\n${stderr}`, form, 'spctl')[1] === 'enabled';
}

async function gatekeeperFile(sources: Sources): Promise<boolean> {
  const release = await majorRelease(sources);
  if (release === undefined) throw new SourceError('missing', 'macOS version', 'not-set');
  const path =
    release >= 15
      ? '/var/db/SystemPolicyConfiguration/SystemPolicy-prefs.plist'
      : '/var/db/SystemPolicy-prefs.plist';
  const list = await readPropertyList(sources, path);
  // No such file: nobody ever switched it off.
  if (list === undefined) return true;
  const word = textIn(list, 'enabled');
  if (word !== 'yes' && word !== 'no') throw unparseable('SystemPolicy-prefs');
  return word === 'yes';
}

export const darwin: PointProbes<'platform-integrity'> = {
  integrity,
  async 'trusted-sources'(sources) {
    const enforced = await firstOf(
      async () => {
        const { stdout, stderr, exitCode } = await sources.command(['/usr/sbin/spctl', '--status']);
        return parseAssessments(stdout, stderr, exitCode);
      },
      () => gatekeeperFile(sources),
    );
    const managed = await managedValue(
      sources,
      'com.apple.systempolicy.control',
      'EnableAssessment',
      switchIn,
    );
    return known({ enforced, by: 'gatekeeper' }, managed ? 'policy' : 'user');
  },
};
