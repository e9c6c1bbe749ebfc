import { SourceError, type Sources } from '../../probe.ts';
import { type PropertyListDictionary, readPropertyList } from './property-list.ts';

type Getter<T> = (dictionary: PropertyListDictionary, key: string) => T | undefined;

const computer = (domain: string) => `/Library/Managed Preferences/${domain}.plist`;
const person = (domain: string) => `/Library/Managed Preferences/user/${domain}.plist`;

async function valueIn<T>(
  sources: Sources,
  path: string,
  key: string,
  getter: Getter<T>,
): Promise<T | undefined> {
  try {
    const list = await readPropertyList(sources, path);
    return list && getter(list, key);
  } catch (error) {
    // A managed file that says nothing leaves the word to the next place in the order, as a missing one does.
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

/**
 * As `valueIn`, for values that may weaken what stands below them: a managed file that is there and cannot be read may hold
 * one, so that nothing below it counts. Throws SourceError then.
 */
async function decidingValueIn<T>(
  sources: Sources,
  path: string,
  key: string,
  getter: Getter<T>,
): Promise<T | undefined> {
  const list = await readPropertyList(sources, path);
  return list && getter(list, key);
}

/**
 * A value device management set for the whole computer; undefined = not set. Only a file under Managed Preferences proves
 * management: `defaults` and NSUserDefaults mix in what the person chose. macOS 12 to 27. Never throws.
 */
export function managedValue<T>(
  sources: Sources,
  domain: string,
  key: string,
  getter: Getter<T>,
): Promise<T | undefined> {
  return valueIn(sources, computer(domain), key, getter);
}

/** As `managedValue`, where a file that is there and cannot be read must not leave the word to a weaker place. Throws SourceError. */
export function decidingValue<T>(
  sources: Sources,
  domain: string,
  key: string,
  getter: Getter<T>,
): Promise<T | undefined> {
  return decidingValueIn(sources, computer(domain), key, getter);
}

/** As `managedForPerson`, with `decidingValue`'s strictness. Throws SourceError. */
export async function decidingForPerson<T>(
  sources: Sources,
  domain: string,
  key: string,
  getter: Getter<T>,
  weaker: (a: T, b: T) => T,
): Promise<T | undefined> {
  const forAll = await decidingValueIn(sources, computer(domain), key, getter);
  const forPerson =
    sources.user === null ? undefined : await decidingValueIn(sources, person(domain), key, getter);
  if (forAll === undefined || forPerson === undefined) return forAll ?? forPerson;
  return weaker(forAll, forPerson);
}

/** As `managedValue`, for the computer and for the person at the screen; where both are set, `weaker` decides. */
export async function managedForPerson<T>(
  sources: Sources,
  domain: string,
  key: string,
  getter: Getter<T>,
  weaker: (a: T, b: T) => T,
): Promise<T | undefined> {
  const forAll = await valueIn(sources, computer(domain), key, getter);
  const forPerson = sources.user === null ? undefined : await valueIn(sources, person(domain), key, getter);
  if (forAll === undefined || forPerson === undefined) return forAll ?? forPerson;
  return weaker(forAll, forPerson);
}
