import { describe, expect, test } from 'vitest';
import { type Read, Recording, replaySources } from '../../../agent/sources/recording.ts';
import { findProxy } from '../../../agent/sync/find-proxy.ts';

const target = new URL('https://collector.acme.example:8443/');

const machine =
  (
    platform: string,
    reads: readonly unknown[],
    user: object | null = { uid: 1000, name: 'user', sid: 'S-1-5-21-1-2-3-1001' },
  ) =>
  async () =>
    replaySources(
      Recording.parse({
        recording: 1,
        platform,
        elevated: true,
        user,
        recordedAt: '2026-11-21T10:00:00Z',
        reads: reads as Read[],
      }),
    );

const gsettings = (mode: string, more = '') => ({
  command: ['gsettings', 'list-recursively', 'org.gnome.system.proxy'],
  as: 'user',
  stdout: `org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1'${more}]
org.gnome.system.proxy mode '${mode}'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.https host 'proxy.desk.example'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.http host 'other.example'
org.gnome.system.proxy.http port 8080
`,
  exitCode: 0,
});

const scutil = (body: string) => ({
  command: ['/usr/sbin/scutil', '--proxy'],
  stdout: `<dictionary> {\n${body}\n}\n`,
  exitCode: 0,
});
const onMac = `  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  HTTPEnable : 0
  HTTPSEnable : 1
  HTTPSPort : 8080
  HTTPSProxy : proxy.mac.example`;

const settings = 'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';
const windows = (root: string, values: Record<string, string | number>) => ({
  registry: `${root}\\${settings}`,
  values: Object.fromEntries(
    Object.entries(values).map(([name, data]) => [
      name,
      { type: typeof data === 'number' ? 'REG_DWORD' : 'REG_SZ', data },
    ]),
  ),
  subkeys: [],
});
const person = 'HKU\\S-1-5-21-1-2-3-1001';

describe('the proxy of the system', () => {
  test.each([
    ['nothing said', machine('linux', []), undefined, undefined],
    [
      '/etc/environment',
      machine('linux', [
        {
          file: '/etc/environment',
          content: 'PATH="/usr/bin"\nHTTPS_PROXY="http://proxy.env.example:3128"\n',
        },
      ]),
      'proxy.env.example:3128',
      '/etc/environment',
    ],
    [
      '/etc/environment with an exception',
      machine('linux', [
        { file: '/etc/environment', content: 'https_proxy=http://p:1\nno_proxy=localhost,.acme.example\n' },
      ]),
      undefined,
      '/etc/environment',
    ],
    [
      'GNOME, by hand',
      machine('linux', [gsettings('manual')]),
      'proxy.desk.example:3128',
      'the network settings of this desktop',
    ],
    [
      'GNOME, an exception',
      machine('linux', [gsettings('manual', ", '*.acme.example'")]),
      undefined,
      'the network settings of this desktop',
    ],
    ['GNOME, none', machine('linux', [gsettings('none')]), undefined, undefined],
    ['nobody at the screen', machine('linux', [gsettings('manual')], null), undefined, undefined],
    [
      'a Mac',
      machine('darwin', [scutil(onMac)]),
      'proxy.mac.example:8080',
      'the network settings of this Mac',
    ],
    ['a Mac without', machine('darwin', [scutil('  HTTPSEnable : 0')]), undefined, undefined],
    [
      'Windows, the person’s',
      machine('win32', [
        windows(person, {
          ProxyEnable: 1,
          ProxyServer: 'http=a:80;https=proxy.win.example:8080',
          ProxyOverride: '*.local;<local>',
        }),
      ]),
      'proxy.win.example:8080',
      'the proxy settings of Windows',
    ],
    [
      'Windows, switched off',
      machine('win32', [windows(person, { ProxyEnable: 0, ProxyServer: 'proxy.win.example:8080' })]),
      undefined,
      undefined,
    ],
    [
      'Windows, for the whole machine',
      machine('win32', [
        windows('HKLM', { ProxyEnable: 1, ProxyServer: 'machine:1' }),
        windows(person, { ProxyEnable: 1, ProxyServer: 'person:2' }),
      ]),
      'machine:1',
      'the proxy settings of Windows',
    ],
  ])('%s', async (_name, open, host, from) => {
    const found = await findProxy(target, {}, open);
    expect([found.proxy?.host, found.from, found.automatic]).toEqual([host, from, false]);
  });

  test.each([
    ['GNOME', machine('linux', [gsettings('auto')])],
    [
      'a Mac',
      machine('darwin', [
        scutil('  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : http://pac.example/x'),
      ]),
    ],
    [
      'Windows',
      machine('win32', [windows(person, { ProxyEnable: 0, AutoConfigURL: 'http://pac.example/x' })]),
    ],
  ])('a script that chooses (%s) is told, and not run', async (_name, open) => {
    expect(await findProxy(target, {}, open)).toMatchObject({ proxy: undefined, automatic: true });
  });

  test('what the environment says comes first, and this machine itself is never asked for through one', async () => {
    const never = async () => {
      throw new Error('not to be asked');
    };
    expect((await findProxy(target, { HTTPS_PROXY: 'http://e:1' }, never)).proxy?.host).toBe('e:1');
    expect(await findProxy(new URL('https://127.0.0.1/'), {}, never)).toMatchObject({ proxy: undefined });
    const desk = machine('linux', [gsettings('manual')]);
    expect((await findProxy(target, { NO_PROXY: 'acme.example' }, desk)).proxy).toBeUndefined();
  });
});
