/** Addresses of the pages about who has access to an organization. */
const segment = encodeURIComponent;
const of = (organization: string) => `/organizations/${segment(organization)}`;
const person = (organization: string, id: string) => `${of(organization)}/people/${segment(id)}`;

export const peopleAddresses = {
  people: (organization: string) => `${of(organization)}/people`,
  secondFactor: (organization: string) => `${of(organization)}/second-factor`,
  person,
  grant: (organization: string, id: string) => `${person(organization, id)}/roles`,
  revoke: (organization: string, id: string) => `${person(organization, id)}/roles/remove`,
  link: (organization: string, id: string) => `${person(organization, id)}/link`,
  disable: (organization: string, id: string) => `${person(organization, id)}/disable`,
  apiTokens: (organization: string) => `${of(organization)}/api-tokens`,
  revokeApiToken: (organization: string, token: string) =>
    `${of(organization)}/api-tokens/${segment(token)}/revoke`,
} as const;
