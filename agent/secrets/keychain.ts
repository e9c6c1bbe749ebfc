import type { AsyncEntry, EntryOptions } from '@napi-rs/keyring';
import type { SecretStore } from './store.ts';

const service = 'Muster';
/** A keychain that waits for a person to type a password does not answer; a service cannot wait for that. */
const patienceMs = 3_000;

const descriptions = {
  darwin: 'the macOS keychain',
  win32: 'the Windows Credential Manager of this account',
  linux: 'the keyring of this desktop session (Secret Service)',
} as Record<string, string>;

/**
 * The keychain of this account, or undefined where there is none: root on Linux, a session without D-Bus, a system without the
 * compiled module. On Linux only the Secret Service counts; the kernel's keyring forgets at the next start.
 */
export async function keychain(account: string): Promise<SecretStore | undefined> {
  if (process.platform === 'linux' && noSecretService()) return undefined;
  let open: () => AsyncEntry;
  try {
    const { AsyncEntry: Entry } = await import('@napi-rs/keyring');
    const options: EntryOptions = { linux: { store: 'secret-service' } };
    // A daemon has no login keychain: on macOS root's secrets belong in the System keychain.
    const system = process.platform === 'darwin' && process.geteuid?.() === 0;
    open = () =>
      system ? Entry.withTarget('System', service, account, options) : new Entry(service, account, options);
    open();
  } catch {
    return undefined;
  }
  const patience = () => AbortSignal.timeout(patienceMs);
  return {
    home: 'keychain',
    description: descriptions[process.platform] ?? 'the keychain',
    async read() {
      return (await inTime(open().getPassword(patience()))) ?? undefined;
    },
    async write(secret) {
      await inTime(open().setPassword(secret, patience()));
    },
    async remove() {
      await inTime(open().deleteCredential(patience()));
    },
  };
}

const noSecretService = () =>
  process.geteuid?.() === 0 || (process.env['DBUS_SESSION_BUS_ADDRESS'] ?? '') === '';

/** A native call that ignores its signal must not hold the agent up either. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the keychain did not answer')), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
