import { describe, expect, test } from 'vitest';
import { type CommandResult, SourceError } from '../../../../agent/probe.ts';
import {
  asPerson,
  darwinSession,
  mayAnswerFor,
  personAtScreen,
} from '../../../../agent/sources/session/darwin.ts';

const session = (name: string, uid: number, onConsole: boolean) => `    0 : <dictionary> {
      kCGSSessionOnConsoleKey : ${onConsole ? 'TRUE' : 'FALSE'}
      kCGSSessionUserIDKey : ${uid}
      kCGSSessionUserNameKey : ${name}
    }
`;
const state = (...sessions: string[]) =>
  `<dictionary> {\n  GID : 20\n  Name : outer\n  SessionInfo : <array> {\n${sessions.join('')}  }\n  UID : 77\n}\n`;

function machine(answers: Record<string, string>) {
  const asked: string[][] = [];
  return {
    asked,
    async command(argv: readonly [string, ...string[]]): Promise<CommandResult> {
      asked.push([...argv]);
      const stdout = answers[argv.join(' ')];
      if (stdout === undefined) throw new SourceError('missing', 'no such program', 'ENOENT');
      return { stdout, stderr: '', exitCode: 0, stdoutBytes: new TextEncoder().encode(stdout) };
    },
  };
}

describe('who is at the screen', () => {
  test('the session at the console, not the outer name and not one in the background', async () => {
    const low = machine({ '/usr/sbin/scutil': state(session('bo', 502, false), session('ada', 501, true)) });
    expect(await personAtScreen(low)).toEqual({ name: 'ada', uid: 501 });
  });

  test.each([
    ['the login window', state(session('loginwindow', 0, true))],
    ['the setup assistant', state(session('_mbsetupuser', 248, true))],
    ['a system account', state(session('svc', 499, true))],
    ['no session at all', '  No such key\n'],
  ])('nobody: %s', async (_, stdout) => {
    expect(await personAtScreen(machine({ '/usr/sbin/scutil': stdout }))).toBeNull();
  });

  test('a broken answer leaves it to the owner of the console, whose uid is asked for', async () => {
    const low = machine({
      '/usr/sbin/scutil': state(session('ada', 501, true)).slice(0, 60),
      '/usr/bin/stat -f %Su /dev/console': 'ada\n',
      '/usr/bin/id -u ada': '501\n',
    });
    expect(await personAtScreen(low)).toEqual({ name: 'ada', uid: 501 });
    const root = machine({ '/usr/bin/stat -f %Su /dev/console': 'root\n' });
    expect(await personAtScreen(root)).toBeNull();
  });
});

describe('as that person', () => {
  const argv: [string, ...string[]] = ['/usr/sbin/sysadminctl', '-screenLock', 'status'];

  test('from root through launchctl and sudo, else bare', () => {
    expect(asPerson(argv, { name: 'ada', uid: 501 }, true)).toEqual([
      ...['/bin/launchctl', 'asuser', '501', '/usr/bin/sudo', '-u', 'ada', '-H'],
      ...argv,
    ]);
    expect(asPerson(argv, { name: 'ada', uid: 501 }, false)).toEqual(argv);
  });

  test('root without a session never answers for itself', () => {
    expect(() => asPerson(argv, { name: 'ada' }, true)).toThrow(SourceError);
  });

  test('an agent that is not root answers for nobody else', () => {
    expect(mayAnswerFor({ name: 'ada', uid: 501 }, false, 502)).toBe(false);
    expect(mayAnswerFor({ name: 'ada', uid: 501 }, false, 501)).toBe(true);
    expect(mayAnswerFor({ name: 'ada', uid: 501 }, true, 0)).toBe(true);
  });

  test('what only root is told is not even asked without root', async () => {
    const low = machine({ '/usr/sbin/scutil': state(session('ada', 501, true)) });
    const own = await darwinSession(low, false, 501);
    await expect(own.command(['/usr/bin/sudo', '-n', '-l', '-U', 'user'])).rejects.toMatchObject({
      reason: 'denied',
    });
    expect(low.asked.some(([program]) => program === '/usr/bin/sudo')).toBe(false);
  });
});
