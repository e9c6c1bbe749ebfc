import { join } from 'node:path';
import { readBytes, readEntries } from './files.ts';

/**
 * What a `.ssh` folder holds, without names: `key-protected` or `key-plain` once per private key. OpenSSH's own format names its
 * cipher after the magic (`none` = no passphrase; PROTOCOL.key); the older PEM forms say ENCRYPTED. Throws SourceError when
 * the folder or one of its files cannot be read: a key nobody could look into is not a protected one.
 */
export async function readPrivateKeys(folder: string): Promise<readonly string[]> {
  const kinds: string[] = [];
  for (const name of await readEntries(folder)) {
    if (name.endsWith('.pub') || /^(known_hosts|authorized_keys|config|environment|rc)/.test(name)) continue;
    const kind = await kindOf(join(folder, name));
    if (kind !== undefined) kinds.push(kind);
  }
  return kinds.toSorted();
}

async function kindOf(path: string): Promise<'key-protected' | 'key-plain' | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readBytes(path);
  } catch (error) {
    // Folders, sockets of agents and control masters are no keys.
    if ((error as { code?: string }).code === 'EINVAL' || (error as { code?: string }).code === 'ENXIO')
      return undefined;
    throw error;
  }
  return privateKeyKind(Buffer.from(bytes).toString('latin1'));
}

/** Whether a file is a private key, and whether a passphrase protects it. */
export function privateKeyKind(text: string): 'key-protected' | 'key-plain' | undefined {
  if (/^PuTTY-User-Key-File-/.test(text))
    return /^Encryption: (?!none\s*$)/m.test(text) ? 'key-protected' : 'key-plain';
  const block = /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----([\s\S]*?)-----END/.exec(text);
  if (block === null) return undefined;
  const [, kind = '', body = ''] = block;
  if (kind.startsWith('ENCRYPTED') || /^Proc-Type: 4,ENCRYPTED/m.test(body)) return 'key-protected';
  if (!kind.startsWith('OPENSSH')) return 'key-plain';
  const data = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  if (data.toString('latin1', 0, magic.length) !== magic || data.length < magic.length + 4)
    return 'key-plain';
  const length = data.readUInt32BE(magic.length);
  const cipher = data.toString('latin1', magic.length + 4, magic.length + 4 + Math.min(length, 64));
  return cipher === 'none' ? 'key-plain' : 'key-protected';
}
