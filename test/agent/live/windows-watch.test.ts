import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ready, repository, Wine, where } from '../../wine/wine.ts';

describe.skipIf(!ready)(`Volumes and the service’s pipe on Windows ${where}`, { timeout: 120_000 }, () => {
  it('sees the same volumes twice, tells them apart, and answers over its pipe', async () => {
    const wine = new Wine('watch');
    await build({
      absWorkingDir: repository,
      entryPoints: ['test/wine/watch.ts'],
      outfile: join(wine.folder, 'watch.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node26',
      external: ['koffi'],
      logLevel: 'error',
    });
    const { stderr } = wine.node('watch', 'watch.mjs', wine.path('result'));
    expect(stderr).toBe('');
    const result = JSON.parse(readFileSync(join(wine.folder, 'result'), 'utf8'));
    expect(result).toMatchObject({
      signature: expect.stringMatching(/\bC:/),
      again: result.signature,
      system: expect.stringMatching(/^[0-9a-f]{8}$/),
      none: null,
      facts: { 'disk-encryption': { 'recovery-key': { notApplicable: 'not-encrypted' } } },
      seen: ['disk-encryption/recovery-key'],
    });
  });
});
