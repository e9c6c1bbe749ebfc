import type { Values } from '../registers/field.ts';
import { registers } from '../registers/index.ts';
import type { RegisterRecord } from '../registers/record.ts';
import type { Register } from '../registers/register.ts';
import type { Person } from '../storage/people/people.ts';
import type { Stores } from '../storage/stores.ts';

/** A record that says something about a person. */
export interface Mention {
  readonly register: Register;
  readonly record: RegisterRecord;
  readonly personal: Values;
  /** Personal fields that name the person, or all of them where the whole record is about them. */
  readonly fields: readonly string[];
  /** Other fields that name them, though they should not. */
  readonly openFields: readonly string[];
}

const pageSize = 500;

/** Does the text name the person, by name, address or key? */
function names(person: Person): (value: unknown) => boolean {
  const needles = [person.name, person.email, person.id]
    .map((text) => text.trim().toLowerCase())
    .filter(Boolean);
  return (value) => {
    const text = JSON.stringify(value ?? '').toLowerCase();
    return needles.some((needle) => text.includes(JSON.stringify(needle).slice(1, -1)));
  };
}

/** Every record of the registers in which a person is named; goes through all of them, because what is sealed cannot be searched. */
export async function mentionsOf(stores: Stores, person: Person): Promise<readonly Mention[]> {
  const isNamed = names(person);
  const found: Mention[] = [];
  for (const register of registers) {
    let after = 0;
    for (;;) {
      const records = await stores.records.after(person.organization, register.id, after, pageSize);
      const personal = await stores.registerPersonal.readMany(records);
      for (const record of records) {
        const sealed = personal.get(record.id) ?? {};
        const isAbout = sealed['subject'] === person.id;
        const fields = Object.keys(sealed).filter((id) => isAbout || isNamed(sealed[id]));
        const openFields = Object.keys(record.values).filter((id) => isNamed(record.values[id]));
        if (fields.length + openFields.length > 0) {
          found.push({ register, record, personal: sealed, fields, openFields });
        }
      }
      if (records.length < pageSize) break;
      after = records.at(-1)?.sequence ?? after;
    }
  }
  return found;
}

/** The people of campaigns who are this person, by the address they were asked at. */
export async function askedAs(stores: Stores, person: Person): Promise<readonly string[]> {
  const asked = await stores.retention.askedPeople(person.organization);
  const contacts = await stores.attestationContacts.read(asked);
  const email = person.email.trim().toLowerCase();
  return [...contacts].filter(([, contact]) => contact.trim().toLowerCase() === email).map(([id]) => id);
}
