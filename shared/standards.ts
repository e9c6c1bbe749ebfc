/** Publications our references cite, in their publishers' own numbering. Their text is not ours to repeat. */
export const standards = {
  'cis-controls-8.1': {
    title: 'CIS Critical Security Controls',
    edition: 'version 8.1',
    publisher: 'Center for Internet Security',
  },
  'cyber-essentials-3.3': {
    title: 'Cyber Essentials',
    edition: 'requirements 3.3, question set Danzell',
    publisher: 'NCSC and IASME',
  },
  gdpr: {
    title: 'General Data Protection Regulation',
    edition: 'Regulation (EU) 2016/679',
    publisher: 'European Union',
  },
  'iso-27001-2022': { title: 'ISO/IEC 27001, Annex A', edition: '2022', publisher: 'ISO/IEC' },
  'nist-800-171-3': { title: 'NIST SP 800-171', edition: 'revision 3', publisher: 'NIST' },
  'nist-800-53-5': { title: 'NIST SP 800-53', edition: 'revision 5', publisher: 'NIST' },
  'nist-csf-2.0': { title: 'NIST Cybersecurity Framework', edition: '2.0', publisher: 'NIST' },
} as const;

export type StandardId = keyof typeof standards;
