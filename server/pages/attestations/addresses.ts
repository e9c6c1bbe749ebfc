import { addresses } from '../addresses.ts';

const segment = encodeURIComponent;

export const attestationAddresses = {
  attestations: (organization: string) => `${addresses.organization(organization)}/attestations`,
  ask: (organization: string, template?: string) =>
    `${addresses.organization(organization)}/attestations/new${template === undefined ? '' : `?statement=${segment(template)}`}`,
  campaign: (organization: string, campaign: string) =>
    `${addresses.organization(organization)}/attestations/${segment(campaign)}`,
  end: (organization: string, campaign: string) =>
    `${attestationAddresses.campaign(organization, campaign)}/end`,
  /** What is done with one person's answer. */
  person: (
    organization: string,
    campaign: string,
    person: string,
    step: 'link' | 'countersign' | 'put-right',
  ) => `${attestationAddresses.campaign(organization, campaign)}/people/${segment(person)}/${step}`,
  /** A statement as a laptop signed it. */
  signed: (organization: string, campaign: string, person: string) =>
    `${attestationAddresses.campaign(organization, campaign)}/people/${segment(person)}/statement.jws`,
  /** Where people answer, without an account. */
  answer: '/statement',
  /** What a personal link looks like, after the collector's own address. */
  link: (code: string) => `/statement?code=${segment(code)}`,
} as const;
