import { readFileSync, writeFileSync } from 'node:fs';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

/** A passphrase, a key or a sealed file that cannot be used, in words. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** Encrypts a stream, and decrypts it again to see what was written. */
export interface Seal {
  close(plain: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>>;
  readonly opener: Opener;
}

/** Decrypts a stream. Throws SealError where the key is the wrong one or the bytes are not what was encrypted. */
export type Opener = (sealed: ReadableStream<Uint8Array>) => Promise<ReadableStream<Uint8Array>>;

const minPassphrase = 12;

/** The first line of a file: a passphrase or a key. Throws SealError. */
function secretIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new SealError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const line = text.split(/\r?\n/).find((one) => one.trim() !== '' && !one.startsWith('#'));
  if (line === undefined) throw new SealError(`${file} is empty`);
  return line;
}

function openerOf(decrypter: Decrypter): Opener {
  return async (sealed) => {
    try {
      return await decrypter.decrypt(sealed);
    } catch {
      throw new SealError('it does not open: another passphrase or key is needed, or it is no backup');
    }
  };
}

/** Sealed with the passphrase in a file (age's scrypt). Throws SealError. */
export function passphraseSeal(file: string): Seal {
  const passphrase = secretIn(file);
  if (passphrase.length < minPassphrase) {
    throw new SealError(`a passphrase has at least ${minPassphrase} characters`);
  }
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return { close: (plain) => encrypter.encrypt(plain), opener: passphraseOpener(file) };
}

/** Opens what `passphraseSeal` sealed. */
export function passphraseOpener(file: string): Opener {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(secretIn(file));
  return openerOf(decrypter);
}

/**
 * Sealed for whoever has the key of a recipient (`age1...`), which need not be on this machine. To see that what was written can be
 * read, it is also sealed for a key of the moment that is kept nowhere. Throws SealError.
 */
export async function recipientSeal(recipient: string): Promise<Seal> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new SealError('a recipient looks like age1..., for example what collector backup-key printed');
  }
  const ofTheMoment = await generateX25519Identity();
  encrypter.addRecipient(await identityToRecipient(ofTheMoment));
  const decrypter = new Decrypter();
  decrypter.addIdentity(ofTheMoment);
  return { close: (plain) => encrypter.encrypt(plain), opener: openerOf(decrypter) };
}

/** Opens what was sealed for the recipient whose key (`AGE-SECRET-KEY-...`) is in a file. Throws SealError. */
export function identityOpener(file: string): Opener {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(secretIn(file));
  } catch (error) {
    if (error instanceof SealError) throw error;
    throw new SealError(`${file} holds no key that starts with AGE-SECRET-KEY-`);
  }
  return openerOf(decrypter);
}

/** Makes a key in a new file that only this account may read; answers its recipient. Throws SealError. */
export async function createIdentity(file: string): Promise<string> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  try {
    writeFileSync(file, `# recipient: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SealError(
      code === 'EEXIST' ? `${file} is there already` : `${file} cannot be written (${code})`,
    );
  }
  return recipient;
}
