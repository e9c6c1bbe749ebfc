import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfiguration } from '../../server/configuration.ts';

test('a secret comes from a file of its own, and is never said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-configuration-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, 'postgres://muster:s3cret@db.example/muster\n');
  expect(readConfiguration({ DATABASE_URL_FILE: path }).databaseUrl).toBe(
    'postgres://muster:s3cret@db.example/muster',
  );
  const both = { DATABASE_URL: 'sqlite:x', DATABASE_URL_FILE: path };
  expect(() => readConfiguration(both)).toThrow('set one of them');
  expect(() => readConfiguration({ SMTP_URL_FILE: join(folder, 'none') })).toThrow(
    /^SMTP_URL_FILE: the file cannot be read \(ENOENT\)$/,
  );
  // What is in it has to fit like the setting itself, and is not repeated.
  expect(() => readConfiguration({ SMTP_URL_FILE: path })).toThrow(/^SMTP_URL: (?!.*s3cret)/);
});
