import { endOf } from '../registers/calendar.ts';
import { readRecord } from '../registers/desk.ts';
import { eraseFields, RegisterRefusal } from '../registers/engine.ts';
import type { Author } from '../registers/record.ts';
import type { Person } from '../storage/people/people.ts';
import type { ErasureCertificate } from '../storage/privacy/retention.ts';
import type { Stores } from '../storage/stores.ts';
import { askedAs, mentionsOf } from './mentions.ts';
import { heldScopes } from './purge.ts';
import { backupPeriod } from './retention.ts';

export interface Erasure {
  readonly certificate: ErasureCertificate;
  /** Records that name the person where no name should be: somebody has to look at them. */
  readonly byHand: readonly string[];
}

/**
 * Erases a person (Art. 17 GDPR): the mapping to their laptops and who was told of it, their answers to campaigns, their words in requests for
 * waivers, and what registers say about them. Laptops' results stay as results of nobody and age out. What is left is a certificate that
 * names no one. Throws RegisterRefusal where a legal hold keeps it.
 */
export async function erasePerson(
  stores: Stores,
  person: Person,
  author: Author,
  request: string | null,
  at: Date,
): Promise<Erasure> {
  const { organization } = person;
  const held = await heldScopes(stores, organization, at);
  if (held.has('people') || held.has('records')) {
    throw new RegisterRefusal(
      'A legal hold keeps this for now (Art. 17(3)(e)). End the hold first, or refuse the request.',
    );
  }
  const devices = [
    ...new Set((await stores.people.holdings(organization, person.id)).map(({ device }) => device)),
  ];
  const mentions = await mentionsOf(stores, person);
  const asked = await askedAs(stores, person);

  for (const { register, record, fields } of mentions) {
    if (fields.length === 0) continue;
    const full = await readRecord(stores, register, organization, record.id);
    if (full === undefined) continue;
    await stores.records.update(full.record, eraseFields(register, full, fields, at), author, at);
  }
  const answers = await stores.retention.eraseAnswers(organization, devices, asked);
  await stores.attestationContacts.forget(answers);
  const reasons = await stores.retention.eraseReasons(organization, devices);
  // Last, so that whatever failed before can be done again.
  await stores.people.forget(organization, person.id);
  const certificate = await stores.retention.certify(organization, {
    request,
    at,
    by: author.actor,
    erased: {
      people: 1,
      laptops: devices.length,
      records: mentions.filter(({ fields }) => fields.length > 0).length,
      answers: answers.length,
      reasons,
    },
    backupsUntil: endOf(at, backupPeriod),
  });
  return {
    certificate,
    byHand: mentions
      .filter(({ openFields }) => openFields.length > 0)
      .map(({ register, record }) => `${register.prefix}-${record.sequence}`),
  };
}
