import type { Products } from './product-traces.ts';
import { products } from './products.ts';

type Kind = keyof Products;
type IdOf<K extends Kind> = Products[K]['entries'][number]['id'];

const startsWithWord = (name: string, beginning: string) =>
  name === beginning || (name.startsWith(beginning) && !/[a-z0-9]/.test(name.charAt(beginning.length)));

/** Which product of a kind a Windows DisplayName names; undefined when none does. */
export function byWindowsName<K extends Kind>(kind: K, displayName: string): IdOf<K> | undefined {
  const name = displayName.trim().toLowerCase();
  return products[kind].entries.find(({ win32 }) =>
    win32?.names.some((known) =>
      win32.exact === true ? name === known.toLowerCase() : startsWithWord(name, known.toLowerCase()),
    ),
  )?.id;
}

/** Which product of a kind an entry of /Applications is; undefined when it is none. */
export function byMacApp<K extends Kind>(kind: K, entry: string): IdOf<K> | undefined {
  return products[kind].entries.find(({ darwin }) => darwin?.apps?.includes(entry))?.id;
}

/** Which product of a kind a flatpak (`org.mozilla.firefox`) or a snap (`firefox`) is; undefined when none. */
export function byBundle<K extends Kind>(
  kind: K,
  store: 'flatpaks' | 'snaps',
  name: string,
): IdOf<K> | undefined {
  return products[kind].entries.find(({ linux }) => linux?.[store]?.includes(name))?.id;
}

/** Which product of a kind a package of dpkg or rpm belongs to; undefined when to none. */
export function byPackage<K extends Kind>(kind: K, name: string): IdOf<K> | undefined {
  return products[kind].entries.find(({ linux }) => linux?.packages?.includes(name))?.id;
}
