import { verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { publicKeyOf } from './keys.ts';

interface Sodium {
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/**
 * libsodium needs half of OpenSSL's time for a signature (50 against 112 µs on one x64 core), and signatures are most of what
 * a report costs. Where its binary is not to be had (Alpine, for one), OpenSSL does the same.
 */
const sodium = ((): Sodium | undefined => {
  const require = createRequire(import.meta.url);
  try {
    return require('sodium-native') as Sodium;
  } catch {
    return undefined;
  }
})();

/** Is it the signature of this message by this Ed25519 key (32 raw bytes)? RFC 8032, the message itself, no context. */
export const verifyEd25519: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean =
  sodium === undefined
    ? (message, signature, publicKey) => verify(null, message, publicKeyOf(publicKey), signature)
    : (message, signature, publicKey) => sodium.crypto_sign_verify_detached(signature, message, publicKey);
