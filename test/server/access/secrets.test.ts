import { generateKeyPairSync } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { newAppSecret, shownSecret, stepOfCode } from '../../../server/access/authenticator-app.ts';
import { browserFamily } from '../../../server/access/browser-family.ts';
import { newRecoveryCodes, readRecoveryCode } from '../../../server/access/recovery-codes.ts';
import { sealerOf } from '../../../server/signing/sealing.ts';

const newSealer = () => sealerOf({ privateKey: generateKeyPairSync('ed25519').privateKey, publicKey: '' });

describe('sealing', () => {
  it('opens what it sealed, for the same purpose and owner only, and only with the same key', () => {
    const sealer = newSealer();
    const sealed = sealer.seal('app', 'thandi', 'secret');
    expect(sealed).not.toContain('secret');
    expect(sealer.open('app', 'thandi', sealed)).toBe('secret');
    expect(sealer.open('app', 'sipho', sealed)).toBeUndefined();
    expect(sealer.open('other', 'thandi', sealed)).toBeUndefined();
    expect(newSealer().open('app', 'thandi', sealed)).toBeUndefined();
    expect(sealer.open('app', 'thandi', 'short')).toBeUndefined();
    const spoiled = Buffer.from(sealed, 'base64url');
    spoiled.writeUInt8((spoiled.at(-1) ?? 0) ^ 1, spoiled.length - 1);
    expect(sealer.open('app', 'thandi', spoiled.toString('base64url'))).toBeUndefined();
  });

  it('seals the same text differently each time, and digests it the same', () => {
    const sealer = newSealer();
    expect(sealer.seal('app', 'thandi', 'secret')).not.toBe(sealer.seal('app', 'thandi', 'secret'));
    expect(sealer.digest('code', 'thandi', 'x')).toEqual(sealer.digest('code', 'thandi', 'x'));
    expect(sealer.digest('code', 'thandi', 'x')).not.toEqual(sealer.digest('code', 'sipho', 'x'));
    expect(newSealer().digest('code', 'thandi', 'x')).not.toEqual(sealer.digest('code', 'thandi', 'x'));
  });
});

describe('codes of an authenticator app', () => {
  // RFC 6238, appendix B, SHA-1; the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [2_000_000_000, '279037'],
  ])('at %d s the published code fits', (seconds, code) => {
    const secret = Secret.fromLatin1('12345678901234567890').base32;
    expect(stepOfCode(secret, code, new Date(seconds * 1_000))).toBe(Math.floor(seconds / 30));
  });

  it('are good a step early or late and no longer, and nothing else is one', () => {
    const secret = newAppSecret();
    const at = new Date('2026-11-21T10:00:00Z');
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
    const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
    const step = at.getTime() / 30_000;
    expect(stepOfCode(secret, ` ${code.slice(0, 3)} ${code.slice(3)}`, at)).toBe(step);
    expect(stepOfCode(secret, code, later(30))).toBe(step);
    expect(stepOfCode(secret, code, later(-30))).toBe(step);
    expect(stepOfCode(secret, code, later(60))).toBeUndefined();
    expect(stepOfCode(secret, code, later(-31))).toBeUndefined();
    for (const wrong of ['', '12345', '1234567', 'abcdef', '-12345']) {
      expect(stepOfCode(secret, wrong, at), wrong).toBeUndefined();
    }
  });

  it('shows the secret to scan and to type, and it is the same', () => {
    const secret = newAppSecret();
    const { picture, text } = shownSecret(secret, 'thandi@it.example');
    expect(text.replaceAll(' ', '')).toBe(secret);
    expect(picture).toMatch(/^<svg /);
    expect(picture).not.toMatch(/ style=|<script/);
  });
});

describe('recovery codes', () => {
  it('are ten, all different, and read however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) {
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(readRecoveryCode(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(code);
    }
    expect(readRecoveryCode('OOOO-IIII-LLLL')).toBe('0000-1111-1111');
    expect(readRecoveryCode('123456')).toBeUndefined();
    expect(readRecoveryCode('UUUU-UUUU-UUUU')).toBeUndefined();
  });
});

describe('the browser of a session', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    ['curl/8.5.0', ''],
    ['', ''],
  ])('%s is %s', (agent, words) => {
    expect(browserFamily(agent)).toBe(words);
  });
});
