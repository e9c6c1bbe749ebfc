import { known } from '../../../shared/answer.ts';
import { type PointProbes, unparseable } from '../../probe.ts';
import { readOsRelease } from '../../readings/linux/os-release.ts';

/** ID, VERSION_ID and SUPPORT_END of /etc/os-release; what they mean stands in the dated table. A derivative is never judged by ID_LIKE. */
export const linux: PointProbes<'os-support'> = {
  async supported(sources) {
    const { id, versionId, supportEnd } = await readOsRelease(sources);
    // A release that is not understood must not pass for a rolling one, which has none.
    if (versionId !== undefined && !/^[0-9][0-9A-Za-z._-]{0,31}$/.test(versionId))
      throw unparseable('os-release');
    return known({
      product: id,
      ...(versionId !== undefined && { release: versionId }),
      ...(supportEnd !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(supportEnd) && { supportEnd }),
    });
  },
};
