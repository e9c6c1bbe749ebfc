/**
 * The registers a company keeps its paperwork in. One list: clauses cite these ids, the register engine defines each of
 * them, and a test holds the two together.
 */
export const registerIds = [
  /** Records of processing of a controller, Art. 30(1) GDPR. */
  'processing-activities',
  /** Records of processing on behalf of others, Art. 30(2). */
  'processor-activities',
  /** Each purpose with its lawful basis, the balancing test behind a legitimate interest, the condition of Art. 9. */
  'lawful-bases',
  /** Data protection impact assessments, Art. 35. */
  'impact-assessments',
  /** What people are told about the use of their data, Art. 13 and 14: a version, its content, when it was given. */
  'notices',
  /** Personal data breaches, Art. 33(5): every one, also those nobody has to be told of. */
  'breaches',
  /** Security incidents from report to lessons learned. */
  'incidents',
  /** Requests of data subjects: access, rectification, erasure, restriction, portability, objection. */
  'requests',
  'complaints',
  /** Who stores or processes data for the company, approved cloud services among them. */
  'suppliers',
  /** Data leaving the EEA or the United Kingdom, with the mechanism of each transfer. */
  'transfers',
  /** Access beyond what a role has: asked, approved by a second person, for a time. */
  'access-approvals',
  /** Handing personal data to somebody else: asked, approved by a second person. */
  'transfer-approvals',
  /** Personal data on a laptop or other mobile device: approved in writing, for a time, on terms. */
  'mobile-approvals',
  /** What was given to the police, to courts or to auditors, and on what ground. */
  'disclosures',
  'training',
  /** Data protection officer, incident contact, regulator and whoever else must be reachable. */
  'contacts',
  /** Systems and kinds of data, each with its class from public to restricted. */
  'data-classification',
  /** What is kept how long and why. */
  'retention-rules',
  /** Data that must not be deleted for now, with reason and review date. */
  'legal-holds',
  /** The calendar of recurring reviews. */
  'reviews',
  /** What somebody has to put right, with owner and due date. */
  'actions',
] as const;
export type RegisterId = (typeof registerIds)[number];
