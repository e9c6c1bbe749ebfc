import { addresses } from '../addresses.ts';

const segment = encodeURIComponent;
const base = (organization: string) => `${addresses.organization(organization)}/privacy`;

/** Where people's rights and retention are. */
export const privacyAddresses = {
  privacy: base,
  people: (organization: string) => `${base(organization)}/people`,
  person: (organization: string, person: string) => `${base(organization)}/people/${segment(person)}`,
  act: (organization: string, person: string, act: string) =>
    `${base(organization)}/people/${segment(person)}/${segment(act)}`,
  retention: (organization: string) => `${base(organization)}/retention`,
  document: (organization: string, document: string) =>
    `${base(organization)}/documents/${segment(document)}`,
  /** Takes the draft impact assessment into the register. */
  takeAssessment: (organization: string) => `${base(organization)}/assessment`,
  numbers: (organization: string) => `${base(organization)}/numbers.csv`,
  certificate: (organization: string, certificate: string) =>
    `${base(organization)}/certificates/${segment(certificate)}`,
  /** Being told who holds a laptop. */
  holder: (organization: string, device: string) => `${addresses.device(organization, device)}/holder`,
} as const;
