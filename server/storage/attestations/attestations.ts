import type { Database } from '../database.ts';
import type { AttestationContactStore } from '../people/attestation-contacts.ts';
import { answerStore } from './answers.ts';
import { askedPersonStore } from './asked-people.ts';
import { campaignStore } from './campaigns.ts';

export type AttestationStore = ReturnType<typeof attestationStore>;

/** Statements people are asked for, and what they said. */
export const attestationStore = (db: Database, contacts: AttestationContactStore) => ({
  ...campaignStore(db, contacts),
  ...askedPersonStore(db),
  ...answerStore(db),
});
