import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { chosenLogLevel, openLog } from '../../agent/log.ts';

test('what is secret never reaches the log, wherever it stands', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = await openLog('debug', stream);
  const canary = 'CANARY-7f3a';
  log.info({ token: canary, code: canary, reports: 3 }, 'top');
  log.info({ request: { authorization: canary, body: canary, path: '/api/v1/policy' } }, 'below');
  log.info(
    { request: { headers: { authorization: canary } }, a: { b: { jws: canary, facts: { x: canary } } } },
    'deep',
  );
  const error = Object.assign(new Error('it broke'), { config: { data: canary }, response: canary });
  log.warn({ error }, 'an error');
  const text = lines.join('');
  expect(text).not.toContain(canary);
  expect(text).toContain('/api/v1/policy');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', reports: 3, msg: 'top' },
    { msg: 'below' },
    { msg: 'deep' },
    { level: 'warn', error: { name: 'Error', message: 'it broke' }, msg: 'an error' },
  ]);
  expect(text).not.toMatch(/"(hostname|pid|stack)"/);
});

test('a level that does not exist is an error with the ones that do', () => {
  expect(chosenLogLevel('debug', 'warn')).toBe('debug');
  expect(chosenLogLevel(undefined, 'warn')).toBe('warn');
  expect(() => chosenLogLevel('loud', 'warn')).toThrow('silent, error, warn, info, debug');
});
