import { expect, test, vi } from 'vitest';
import { type CommandResult, SourceError } from '../../../../agent/probe.ts';
import {
  asPerson,
  linuxSession,
  parseSessionEnvironment,
  personAtScreen,
  startFailure,
} from '../../../../agent/sources/session/linux.ts';

const ok = (stdout: string, stderr = '', exitCode = 0): CommandResult => ({
  stdout,
  stderr,
  exitCode,
  stdoutBytes: Buffer.from(stdout),
});

/** A machine where these sessions exist, and these people. */
function machine(
  sessions: readonly {
    id: string;
    uid: number;
    name: string;
    active?: boolean;
    class?: string;
    seat?: string;
  }[],
) {
  const asked: string[][] = [];
  const command = vi.fn(async (argv: readonly [string, ...string[]]) => {
    asked.push([...argv]);
    if (argv[1] === 'list-sessions') return ok(sessions.map(({ id }) => `${id} x\n`).join(''));
    const session = sessions.find(({ id }) => id === argv[2]);
    if (argv[1] === 'show-session' && session) {
      return ok(
        `Id=${session.id}\nUser=${session.uid}\nName=${session.name}\nClass=${session.class ?? 'user'}\nType=wayland\nRemote=no\nSeat=${session.seat ?? 'seat0'}\nActive=${session.active ? 'yes' : 'no'}\n`,
      );
    }
    const person = sessions.find(({ name }) => name === argv[2]);
    if (argv[0] === 'getent' && person)
      return ok(`${person.name}:x:${person.uid}:${person.uid}::/data/${person.name}:/bin/bash\n`);
    if (argv.includes('show-environment')) return ok('DISPLAY=:7\nGSETTINGS_BACKEND=memory\n');
    if (argv.includes('absent')) return ok('', "env: 'absent': No such file or directory\n", 127);
    return argv[0] === 'getent' ? ok('', '', 2) : ok('answer\n');
  });
  return { command, asked };
}

const anna = { id: '2', uid: 1000, name: 'anna', active: true };
const bert = { id: '5', uid: 1001, name: 'bert' };

test('the active person on seat0, never a greeter or a user manager', async () => {
  expect(await personAtScreen(machine([bert, anna]))).toEqual({
    name: 'anna',
    uid: 1000,
    home: '/data/anna',
  });
  expect(await personAtScreen(machine([{ ...anna, class: 'greeter' }, bert]))).toMatchObject({
    name: 'bert',
  });
  expect(await personAtScreen(machine([{ ...anna, class: 'manager' }]))).toBeNull();
  expect(await personAtScreen(machine([]))).toBeNull();
});

test('root becomes the person and takes nothing of its own along', async () => {
  const argv = asPerson(
    ['gsettings', 'get', 'a', 'b'],
    { name: 'anna', uid: 1000, home: '/data/anna' },
    true,
    { DISPLAY: ':7' },
  );
  expect(argv.slice(0, 6)).toEqual(['runuser', '-u', 'anna', '--', 'env', '-i']);
  expect(argv.slice(-4)).toEqual(['gsettings', 'get', 'a', 'b']);
  for (const word of [
    'HOME=/data/anna',
    'XDG_RUNTIME_DIR=/run/user/1000',
    'DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus',
    'DISPLAY=:7',
    'LC_ALL=C',
  ]) {
    expect(argv).toContain(word);
  }
  expect(asPerson(['id', '-Gn'], { name: 'anna', uid: 1000, home: '/data/anna' }, false)).toEqual([
    'id',
    '-Gn',
  ]);
});

test('a session: its commands, its home, another person', async () => {
  const low = machine([anna, bert]);
  const session = await linuxSession(low, true, 0);
  expect(session.user, 'probes know a stand-in only').toEqual({ name: 'user', uid: 1000 });
  await session.command(['gsettings', 'get', 'a', 'b'], { as: 'user' });
  expect(low.asked.at(-1)).toEqual(
    asPerson(['gsettings', 'get', 'a', 'b'], { name: 'anna', uid: 1000, home: '/data/anna' }, true, {
      DISPLAY: ':7',
    }),
  );
  await session.command(['runuser', '-u', 'bert', '--', 'id', '-Gn']);
  expect(low.asked.at(-1)).toContain('HOME=/data/bert');
  await session.command(['lsblk', '-J']);
  expect(low.asked.at(-1)).toEqual(['lsblk', '-J']);
  expect(await session.path('/home/user/.config/x')).toBe('/data/anna/.config/x');
  expect(await session.path('/home/bert/.config/x')).toBe('/data/bert/.config/x');
  expect(await session.path('/etc/passwd')).toBe('/etc/passwd');
});

test('a name that says a role is told by its stand-in', async () => {
  const session = await linuxSession(machine([{ ...anna, name: 'office' }]), true, 0);
  expect(session.user?.name).toBe('generic');
});

test('a program that is not there is missing, as if it had been started without the detour', async () => {
  const session = await linuxSession(machine([anna]), true, 0);
  await expect(session.command(['absent'], { as: 'user' })).rejects.toMatchObject({
    reason: 'missing',
    code: 'ENOENT',
  });
  expect(startFailure(ok('', 'some other 127', 127), 'x')).toBeUndefined();
});

test('without root people answer for themselves only', async () => {
  const own = await linuxSession(machine([anna, bert]), false, 1000);
  expect(own.user).toEqual({ name: 'user', uid: 1000 });
  await expect(own.command(['runuser', '-u', 'bert', '--', 'id'])).rejects.toMatchObject({
    reason: 'denied',
  });
  const other = await linuxSession(machine([anna, bert]), false, 1001);
  expect(other.user).toBeNull();
  await expect(other.command(['id'], { as: 'user' })).rejects.toMatchObject({ reason: 'no-session' });
  await expect(other.path('/home/user/x')).rejects.toBeInstanceOf(SourceError);
});

test('where logind does not run nobody is signed in', async () => {
  const command = async () => ok('', 'System has not been booted with systemd as init system (PID 1).', 1);
  expect((await linuxSession({ command }, true, 0)).user).toBeNull();
});

test('of a session only what programs need to find it', () => {
  expect(
    parseSessionEnvironment(
      "DISPLAY=:0\nGSETTINGS_BACKEND=memory\nXAUTHORITY=$'\\x'\nHOME=/x\nXDG_CURRENT_DESKTOP=KDE\n",
    ),
  ).toEqual({
    DISPLAY: ':0',
    XDG_CURRENT_DESKTOP: 'KDE',
  });
});
