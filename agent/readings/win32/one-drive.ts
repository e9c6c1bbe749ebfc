import type { Sources } from '../../probe.ts';
import { readSettings } from './registry.ts';

const keyName = { personal: 'Personal', business: 'Business1' } as const;

/**
 * A person's OneDrive account of one kind. The key of the personal account is in every profile, empty: only a sync folder
 * means that somebody is signed in. Any bit of KfmFoldersProtectedNow means that Desktop, Documents or Pictures are in it
 * (3584 = all three).
 */
export async function readOneDrive(
  sources: Sources,
  sid: string,
  kind: keyof typeof keyName,
): Promise<{ signedIn: boolean; protectsFolders: boolean }> {
  const account = await readSettings(
    sources,
    `HKU\\${sid}\\Software\\Microsoft\\OneDrive\\Accounts\\${keyName[kind]}`,
  );
  return {
    signedIn: account.has('UserFolder'),
    protectsFolders: (account.dword('KfmFoldersProtectedNow') ?? 0) !== 0,
  };
}
