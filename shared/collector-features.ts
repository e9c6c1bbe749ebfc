/**
 * What the collector itself answers of a written policy. That it can do a thing is no evidence: each of these is measured, and
 * one that was not measured is not evidenced.
 */
export const collectorFeatures = {
  roles: 'Named accounts and roles',
  'audit-chain': 'Audit log that shows every change to it',
  'closed-reports': 'Reports hold nothing but known, small facts',
  pseudonyms: 'Laptops stand under random pseudonyms',
  'encrypted-transport': 'Encrypted transport',
  'signed-evidence': 'Signed evidence that others can verify',
  backup: 'Verified backups of the collector',
  'statement-review': 'Compliance is looked at and reported',
  'policy-versions': 'Versions of the policy, each with its date',
  isolation: 'The collector keeps to itself',
  offboarding: 'Access ends at once',
  'human-decisions': 'People decide, not the collector',
  waivers: 'Exceptions are dated, justified and approved by somebody else',
} as const;
export type CollectorFeature = keyof typeof collectorFeatures;
export const collectorFeatureIds = Object.keys(collectorFeatures) as CollectorFeature[];
