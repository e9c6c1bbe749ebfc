import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import type { DeviceRequestClaims } from '../../shared/device-request.ts';
import { deviceRequestType } from '../../shared/device-request.ts';
import { storeForNewKey, storeOfKey } from '../secrets/index.ts';
import type { SecretStore } from '../secrets/store.ts';
import { signCompact } from './jws.ts';

/** The device's own key pair. The private half never leaves the place it was stored in but for signing in memory. */
export interface DeviceKey {
  readonly privateKey: KeyObject;
  /** Raw Ed25519 public key in base64url, as enrollment sends it. */
  readonly publicKey: string;
  readonly store: SecretStore;
}

function keyFrom(secret: string, store: SecretStore): DeviceKey {
  const privateKey = createPrivateKey({
    key: Buffer.from(secret, 'base64url'),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicKey: x, store };
}

/** What is in the key's place is no key any more. */
export class DamagedKey extends Error {
  override readonly name = 'DamagedKey';
}

/** The key of this device, or undefined when it has none. Throws DamagedKey, or when its place cannot be read now. */
export async function readDeviceKey(directory: string): Promise<DeviceKey | undefined> {
  const store = await storeOfKey(directory);
  const secret = await store?.read();
  if (store === undefined || secret === undefined) return undefined;
  try {
    return keyFrom(secret, store);
  } catch {
    // What the parser says may quote it.
    throw new DamagedKey('the device key is damaged');
  }
}

/**
 * The key of this device, made now where it has none. It is on disk before it is returned, so that an enrollment that was
 * cut off can be finished with the same key.
 */
export async function makeDeviceKey(directory: string): Promise<DeviceKey> {
  try {
    const existing = await readDeviceKey(directory);
    if (existing !== undefined) return existing;
  } catch (error) {
    // Half a secret is of no use to anybody, and this machine is not enrolled with it.
    if (!(error instanceof DamagedKey)) throw error;
    await removeDeviceKey(directory);
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
  const store = await storeForNewKey(directory);
  await store.write(secret);
  return keyFrom(secret, store);
}

/** Forgets the key for good. */
export async function removeDeviceKey(directory: string): Promise<void> {
  await (await storeOfKey(directory))?.remove();
}

/** A request that is not a report shows who sends it by this: good once, for this method, path and body only. */
export function requestToken(
  key: DeviceKey,
  device: string,
  {
    method,
    path,
    body,
    nonce,
    now,
  }: { method: string; path: string; body: string; nonce: string; now: Date },
): string {
  const claims: DeviceRequestClaims = {
    sub: device,
    method,
    path,
    body: createHash('sha256').update(body).digest('hex'),
    jti: nonce,
    iat: Math.floor(now.getTime() / 1000),
  };
  return signCompact(JSON.stringify(claims), key.privateKey, { typ: deviceRequestType, kid: device });
}
