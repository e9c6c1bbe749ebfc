/** Who says so, for the numbers a policy works with: the company's own text, or whoever supplied what the text leaves open. */
const sources: Readonly<Record<string, string>> = {
  text: 'the company’s own text',
  ce: 'Cyber Essentials',
  cis: 'CIS',
  nist: 'NIST SP 800-63B-4',
  cnil: 'CNIL',
  gdpr: 'the GDPR',
  duaa: 'the UK’s Data (Use and Access) Act 2025',
  'pci-dss-8.2.8': 'PCI DSS 8.2.8',
  'pci-dss-8.3.7': 'PCI DSS 8.3.7',
  proposal: 'our proposal',
};

/** The sources that have words of their own. */
export const numberSources: readonly string[] = Object.keys(sources);

/** Where a number comes from, in words that fit in brackets; a source nobody described is named as it is written. */
export function numberSource(numberFrom: string): string {
  return sources[numberFrom] ?? numberFrom;
}

/** What is asked, and where its number comes from when the company's own text does not give it. */
export function asked(point: {
  readonly expected: string;
  readonly numberFrom?: string | undefined;
}): string {
  const { expected, numberFrom } = point;
  return numberFrom === undefined || numberFrom === 'text'
    ? expected
    : `${expected}, from ${numberSource(numberFrom)}`;
}
