/** The laws a record may fall under. */
export const jurisdictions = {
  eu: 'European Union (GDPR)',
  uk: 'United Kingdom (UK GDPR)',
  za: 'South Africa (POPIA)',
  ls: 'Lesotho (Data Protection Act 2011)',
} as const;
