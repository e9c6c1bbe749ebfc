import { type Answer, known, notApplicable, unknown } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';
import { diskInfo, disks, mountedElsewhere } from '../../readings/darwin/disks.ts';
import { enrollment } from '../../readings/darwin/enrollment.ts';
import { managedForPerson } from '../../readings/darwin/managed.ts';
import { majorRelease } from '../../readings/darwin/os-version.ts';
import { dictionaryOf, isDictionary, type PropertyListValue } from '../../readings/darwin/property-list.ts';

/** A mounted volume that is removable, can be written to and is not encrypted. Throws SourceError when it cannot be told. */
async function isExposed(sources: Sources, device: string): Promise<boolean> {
  const info = await diskInfo(sources, device);
  if (info.removable === undefined) throw unparseable('diskutil info');
  // `Internal` decides nothing: a card in the built-in slot is internal. A mounted disk image is no medium.
  if (!info.removable || info.diskImage) return false;
  if (info.writable === undefined) throw unparseable('diskutil info');
  return info.writable && !info.fileVault;
}

async function exposedNow(sources: Sources, max: number): Promise<number> {
  let exposed = 0;
  let failure: SourceError | undefined;
  for (const { device } of mountedElsewhere(await disks(sources))) {
    try {
      if (await isExposed(sources, device)) exposed += 1;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failure = error;
    }
  }
  // One that could not be told is only of no matter when those that were seen are too many already.
  if (failure !== undefined && exposed <= max) throw failure;
  return exposed;
}

/** `mount-controls` of systemuiserver, deprecated since macOS 11: shown, but nothing obeys it any more. */
function mountControls(
  dictionary: { readonly [key: string]: PropertyListValue | undefined },
  key: string,
): boolean | undefined {
  const controls = dictionary[key];
  if (!isDictionary(controls)) return undefined;
  return dictionaryOf(controls)['harddisk-external'] !== undefined ? true : undefined;
}

type WritePolicy = { enforced: 'any'; ineffectiveSetting: boolean };

async function writePolicy(sources: Sources): Promise<Answer<WritePolicy>> {
  const release = await majorRelease(sources);
  const old = release !== undefined && release <= 14;
  // From macOS 15 on a declaration may restrict external storage, and where it is kept cannot be read.
  if (!old && (await enrollment(sources)) !== 'no') return unknown('managed-elsewhere');
  const ineffectiveSetting =
    (await managedForPerson(
      sources,
      'com.apple.systemuiserver',
      'mount-controls',
      mountControls,
      (a) => a,
    )) ?? false;
  return known({ enforced: 'any', ineffectiveSetting });
}

export const darwin: PointProbes<'removable-media'> = {
  async unencrypted(sources, { max }) {
    return known({ now: await exposedNow(sources, max) });
  },
  'write-policy': writePolicy,
  // macOS runs nothing from inserted media and has no switch for it.
  async autorun() {
    return notApplicable('not-on-this-system');
  },
};
