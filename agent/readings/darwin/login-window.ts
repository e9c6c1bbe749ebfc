import { SourceError, type Sources, unparseable } from '../../probe.ts';
import { type PropertyListDictionary, readPropertyList } from './property-list.ts';

const path = '/Library/Preferences/com.apple.loginwindow.plist';

/**
 * What this Mac's login window is set to. No such file = nothing was ever set. A refused file is an error and says nothing:
 * `defaults` would call both missing. macOS 12 to 27, any user. Throws SourceError.
 */
export async function loginWindow(sources: Sources): Promise<PropertyListDictionary> {
  return (await readPropertyList(sources, path)) ?? {};
}

/** The guest account. Not set, empty and 0 are off. Throws SourceError. */
export async function guestEnabled(sources: Sources): Promise<boolean> {
  const value = (await loginWindow(sources))['GuestEnabled'];
  if (value === undefined || value === '' || value === false || value === 0) return false;
  if (value === true || value === 1) return true;
  throw unparseable(path);
}

/** Whether someone is named to be signed in at start. Who, is never looked at. Throws SourceError. */
export async function automaticLoginName(sources: Sources): Promise<boolean> {
  const value = (await loginWindow(sources))['autoLoginUser'];
  if (value === undefined || value === '') return false;
  if (typeof value === 'string') return true;
  throw unparseable(path);
}

/**
 * Whether `/etc/kcpassword` exists: it holds the password for automatic login and is there only while that is on. It proves
 * on, never off: its absence throws SourceError, as everything else that says nothing.
 */
export async function automaticLoginFile(sources: Sources): Promise<true> {
  try {
    await sources.fileBytes('/etc/kcpassword');
  } catch (error) {
    // A file that refuses to be read exists.
    if (error instanceof SourceError && error.reason === 'denied') return true;
    throw error;
  }
  return true;
}
