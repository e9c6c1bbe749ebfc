import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError, type Sources } from '../../probe.ts';
import { readRelease } from '../../readings/win32/machine.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { settled } from '../../readings/win32/settled.ts';
import { integer } from '../../readings/win32/values.ts';
import { readRows } from '../../readings/win32/wmi.ts';

type Edition = 'consumer' | 'enterprise' | 'ltsc' | 'iot-ltsc' | 'unknown';

/** Which of Microsoft's support calendars an edition follows; N editions follow the one they are cut from. */
export function editionOf(editionId: string | undefined): Edition {
  const id = (editionId ?? '').replace(/N$/, '');
  if (
    /^(?:Core|CoreSingleLanguage|CoreCountrySpecific|Professional|ProfessionalWorkstation|ProfessionalEducation|ProfessionalSingleLanguage|ProfessionalCountrySpecific|Cloud|CloudEdition)$/.test(
      id,
    )
  ) {
    return 'consumer';
  }
  if (/^(?:Enterprise|Education|ServerRdsh|IoTEnterprise)$/.test(id)) return 'enterprise';
  if (id === 'EnterpriseS') return 'ltsc';
  if (id === 'IoTEnterpriseS') return 'iot-ltsc';
  return 'unknown';
}

/** Windows 10 22H2, the only build with extended security updates. */
const extendedBuild = '19045';
const licensed = 1;

/** Whether extended security updates are licensed: through Windows 365, or by a key. */
async function readExtended(sources: Sources): Promise<'yes' | 'no' | 'unknown'> {
  const eligible = await settled(
    readSettings(
      sources,
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform\\ESU',
    ).then((settings) => settings.dword('Win10CommercialW365ESUEligible', 1) === 1),
  );
  if (eligible === true) return 'yes';
  const key = await settled(
    readRows(
      sources,
      "SELECT LicenseStatus FROM SoftwareLicensingProduct WHERE PartialProductKey IS NOT NULL AND Name LIKE '%ESU%'",
      'root\\cimv2',
    ).then((rows) =>
      rows.some((row) => integer(row['LicenseStatus'], 'SoftwareLicensingProduct') === licensed),
    ),
  );
  if (key === true) return 'yes';
  return eligible instanceof SourceError || key instanceof SourceError ? 'unknown' : 'no';
}

/** Build and edition; what they mean stands in the dated table. Windows 10 and 11. */
export const win32: PointProbes<'os-support'> = {
  async supported(sources) {
    const { build, editionId } = await readRelease(sources);
    return known({
      product: 'windows',
      release: build,
      edition: editionOf(editionId),
      ...(build === extendedBuild && { extended: await readExtended(sources) }),
    });
  },
};
