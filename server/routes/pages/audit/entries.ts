import { addresses } from '../../../pages/addresses.ts';
import { type Named, sentenceOf, wordsOf } from '../../../pages/audit/sentence.ts';
import { peopleAddresses } from '../../../pages/people/addresses.ts';
import type { AuditEntry } from '../../../storage/audit.ts';
import type { Organization } from '../../../storage/organizations.ts';
import type { Stores } from '../../../storage/stores.ts';
import { detailsInWords } from './detail-words.ts';

const actorWords: Readonly<Record<string, string>> = {
  console: 'Somebody at the collector’s terminal',
  collector: 'The collector',
};

/** An entry in words. */
export interface ToldEntry extends AuditEntry {
  readonly actorName: string;
  readonly subjectName: string;
  readonly sentence: ReturnType<typeof sentenceOf>;
}

/** Puts entries into words: names of people, pseudonyms of laptops, looked up once each. */
export function teller(stores: Stores, organization: Organization) {
  const labels = new Map<string, string | undefined>();
  const people = new Map<string, string>();
  let tokens: ReadonlyMap<string, string> | undefined;

  async function labelOf(id: string): Promise<string | undefined> {
    if (!labels.has(id)) labels.set(id, (await stores.devices.byId(organization.number, id))?.label);
    return labels.get(id);
  }

  async function actorName(actor: string): Promise<string> {
    const [kind = '', id = ''] = actor.split(':');
    if (kind === 'user') return people.get(id) ?? 'Somebody whose account is gone';
    if (kind === 'device') return (await labelOf(id)) ?? 'A laptop';
    if (kind === 'token') {
      tokens ??= new Map(
        (await stores.apiTokens.list(organization.number)).map((token) => [token.id, token.name]),
      );
      return `The program with token “${tokens.get(id) ?? id.slice(-6)}”`;
    }
    return actorWords[actor] ?? actor;
  }

  async function subjectOf({ action, subject }: AuditEntry): Promise<Named | undefined> {
    const kind = wordsOf(action)?.subject;
    if (kind === 'device') {
      const label = await labelOf(subject);
      return label === undefined
        ? { name: 'a laptop' }
        : { name: label, address: addresses.device(organization.id, subject) };
    }
    if (kind !== 'person') return undefined;
    const name = people.get(subject);
    return name === undefined
      ? { name: 'somebody' }
      : { name, address: peopleAddresses.person(organization.id, subject) };
  }

  return async (entries: readonly AuditEntry[]): Promise<readonly ToldEntry[]> => {
    const ids = entries.flatMap(({ actor, action, subject }) => [
      ...(actor.startsWith('user:') ? [actor.slice('user:'.length)] : []),
      ...(wordsOf(action)?.subject === 'person' ? [subject] : []),
    ]);
    const unknown = [...new Set(ids)].filter((id) => id !== '' && !people.has(id));
    for (const [id, name] of await stores.users.names(unknown)) people.set(id, name);
    const told: ToldEntry[] = [];
    for (const entry of entries) {
      const subject = await subjectOf(entry);
      told.push({
        ...entry,
        actorName: await actorName(entry.actor),
        subjectName: subject?.name ?? '',
        sentence: sentenceOf(entry.action, subject, detailsInWords(entry)),
      });
    }
    return told;
  };
}
