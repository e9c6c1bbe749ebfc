import { type Answer, known, notApplicable, unknown } from '../../../shared/answer.ts';
import type { PointProbes, Sources } from '../../probe.ts';
import { readApproval } from '../../readings/approval.ts';
import { enrollment } from '../../readings/darwin/enrollment.ts';
import { managedForPerson } from '../../readings/darwin/managed.ts';
import { readMedia } from '../../readings/darwin/media.ts';
import { majorRelease } from '../../readings/darwin/os-version.ts';
import { dictionaryOf, isDictionary, type PropertyListValue } from '../../readings/darwin/property-list.ts';
import { isExposed } from '../../readings/medium.ts';

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
    const { media, failure } = await readMedia(sources);
    const now = media.filter(isExposed).length;
    // One that could not be told is only of no matter when those that were seen are too many already.
    if (failure !== undefined && now <= max) throw failure;
    const days = await sources.history?.exposedDays();
    return known(days === undefined ? { now } : { now, days });
  },
  async approved(sources, { media }) {
    return readApproval(sources, await readMedia(sources), media);
  },
  'write-policy': writePolicy,
  // macOS runs nothing from inserted media and has no switch for it.
  async autorun() {
    return notApplicable('not-on-this-system');
  },
};
