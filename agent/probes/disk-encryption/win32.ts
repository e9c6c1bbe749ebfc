import { type Answer, known, notApplicable } from '../../../shared/answer.ts';
import { firstOf, type PointProbes, SourceError, type Sources } from '../../probe.ts';
import {
  readRecoveryPassword,
  readSystemLetterFromVolumes,
  readVolumeState,
  type VolumeState,
} from '../../readings/win32/bitlocker.ts';
import { readDrives } from '../../readings/win32/drives.ts';
import { settled } from '../../readings/win32/settled.ts';

function systemLetter(sources: Sources): Promise<string> {
  return firstOf(
    async () => (await readDrives(sources)).system,
    () => readSystemLetterFromVolumes(sources),
  );
}

/** The running system's own volume cannot be locked: such an answer says nothing. */
async function readSystemState(sources: Sources): Promise<Exclude<VolumeState, 'locked'>> {
  const state = await readVolumeState(sources, await systemLetter(sources));
  if (state === 'locked') throw new SourceError('unparseable', 'the system volume cannot be locked');
  return state;
}

async function readOtherVolumes(sources: Sources): Promise<Answer<{ volumes: number; unencrypted: number }>> {
  const { drives } = await readDrives(sources);
  const others = drives.filter(({ kind }) => kind === 'internal' || kind === 'unknown');
  if (others.length === 0) return notApplicable('none-present');
  let unencrypted = 0;
  let failure: SourceError | undefined;
  for (const { letter, kind } of others) {
    const state = await settled(readVolumeState(sources, letter));
    if (state instanceof SourceError) failure ??= state;
    // A locked volume asks for its key before it shows anything.
    else if (state === 'encrypted' || state === 'locked') continue;
    else if (kind === 'internal') unencrypted += 1;
    else failure ??= new SourceError('missing', 'GetLogicalDrives: what a plain volume hangs on is not told');
  }
  if (unencrypted === 0 && failure !== undefined) throw failure;
  return known({ volumes: others.length, unencrypted });
}

/** BitLocker and device encryption. Windows 10 and 11, all editions. */
export const win32: PointProbes<'disk-encryption'> = {
  system: async (sources) => known({ state: await readSystemState(sources) }),
  'other-volumes': readOtherVolumes,
  async 'recovery-key'(sources) {
    const letter = await systemLetter(sources);
    const state = await settled(readSystemState(sources));
    if (state === 'not-encrypted') return notApplicable('not-encrypted');
    return known({ present: await readRecoveryPassword(sources, letter) });
  },
};
