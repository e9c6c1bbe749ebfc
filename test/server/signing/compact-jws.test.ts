import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { joinJws, signJws, splitJws, verifyJws } from '../../../server/signing/compact-jws.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const jws = signJws('{"said":1}', 'sample+jws', privateKey, 'somebody');
const [header = '', payload = '', signature = ''] = jws.split('.');

describe('a compact JWS', () => {
  test('is taken apart, verified and put together again', () => {
    const parts = splitJws(jws);
    if (parts === undefined) throw new Error('not a JWS');
    expect(parts.payload.toString()).toBe('{"said":1}');
    expect(verifyJws(parts, publicKey)).toBe(true);
    expect(verifyJws(parts, generateKeyPairSync('ed25519').publicKey)).toBe(false);
    expect(joinJws(parts)).toBe(jws);
  });

  test('has one spelling only', () => {
    // 64 bytes leave four bits of the last letter unused: the next letter says the same bytes.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.slice(-1)) + 1];
    expect(Buffer.from(respelled, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
    expect(splitJws(`${header}.${payload}.${respelled}`)).toBeUndefined();
    expect(splitJws(`${header}.${payload}.${signature}==`)).toBeUndefined();
    expect(splitJws(`${header}.${payload} .${signature}`)).toBeUndefined();
  });

  test('has three parts, none more and none less, and a signature of 64 bytes', () => {
    for (const text of [
      `${jws}.`,
      `${header}.${payload}.${signature}.${signature}`,
      `${header}.${payload}`,
      `.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${signature.slice(0, 84)}`,
      '',
    ]) {
      expect(splitJws(text), text).toBeUndefined();
    }
  });
});
