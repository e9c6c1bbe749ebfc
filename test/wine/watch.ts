import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withServiceAnswers } from '../../agent/socket/client.ts';
import { keepAnswers } from '../../agent/socket/keep.ts';
import { socketPath } from '../../agent/socket/path.ts';
import { serveAnswers } from '../../agent/socket/server.ts';
import { openNative } from '../../agent/sources/win32/native.ts';
import { volumeSerial, volumeSignature } from '../../agent/sources/win32/volumes.ts';
import type { Facts } from '../../shared/facts.ts';

/** Runs on Windows: looks for volumes as the service does, and asks a service over its pipe. Writes down what came of it. */
const [resultPath = ''] = process.argv.slice(2);
const result: Record<string, unknown> = {};
const write = () => writeFileSync(resultPath, JSON.stringify(result));

const native = await openNative();
result['signature'] = volumeSignature(native);
result['again'] = volumeSignature(native);
result['system'] = volumeSerial(native, 'C:');
result['none'] = volumeSerial(native, 'Q:') ?? null;
write();

const now = new Date();
const directory = mkdtempSync(join(tmpdir(), 'answers-'));
const asSystem: Facts = { 'disk-encryption': { 'recovery-key': { notApplicable: 'not-encrypted' } } };
const asUser: Facts = { 'disk-encryption': { 'recovery-key': { unknown: 'denied' } } };
await keepAnswers(directory, asSystem, { platform: 'win32', now });
try {
  const server = await serveAnswers(directory);
  const { facts, seenByService } = await withServiceAnswers(asUser, { platform: 'win32', now });
  result['facts'] = facts;
  result['seen'] = [...seenByService.keys()];
  server.close();
} catch (error) {
  result['pipe'] = `${socketPath()}: ${(error as Error).message}`;
}
write();
process.exit();
