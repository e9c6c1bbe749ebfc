import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { agentAfter, describeWith } from './linux-bench.ts';

/** PAM's files in memory, in this namespace only. */
const files = `mount -t tmpfs tmpfs /mnt; mkdir /mnt/security /mnt/pam.d
cp -a /etc/security/. /mnt/security/; cp -a /etc/pam.d/. /mnt/pam.d/
mount --bind /mnt/security /etc/security; mount --bind /mnt/pam.d /etc/pam.d
rm -rf /etc/security/pwquality.conf.d; mkdir -p /etc/security/pwquality.conf.d
cat > /etc/pam.d/common-password <<'EOF'
password requisite pam_pwquality.so retry=3
password [success=1 default=ignore] pam_unix.so obscure use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
EOF
echo '@include common-password' > /etc/pam.d/passwd`;

/** Whether libpwquality itself takes this password under the files' rules. */
function pwscore(script: string, password: string): { accepted: boolean; says: string } {
  const result = spawnSync(
    'unshare',
    [
      '-m',
      '--propagation',
      'private',
      'bash',
      '-euc',
      `${files}\n${script}\nprintf %s "$PASSWORD" | pwscore`,
    ],
    {
      encoding: 'utf8',
      timeout: 20_000,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', PASSWORD: password },
    },
  );
  return { accepted: result.status === 0, says: result.stdout + result.stderr };
}

const agent = (script: string) => agentAfter(`${files}\n${script}`, 'password-policy');
const twelve = 'qw7Rzt-vP2kX';
const eleven = twelve.slice(1);

describeWith('the length that libpwquality itself enforces', ['pwscore', 'unshare'], () => {
  test.each<[string, string, 'pass' | 'fail']>([
    ['twelve', 'echo "minlen = 12" > /etc/security/pwquality.conf', 'pass'],
    ['eleven', 'echo "minlen = 11" > /etc/security/pwquality.conf', 'fail'],
    ['the defaults', 'echo "# minlen = 20" > /etc/security/pwquality.conf', 'fail'],
    [
      'a drop-in that the main file takes back',
      'echo "minlen = 20" > /etc/security/pwquality.conf.d/50-a.conf; echo "minlen = 8" > /etc/security/pwquality.conf',
      'fail',
    ],
    [
      'a drop-in, and a main file that says nothing',
      'echo "minlen = 12" > /etc/security/pwquality.conf.d/50-a.conf; echo "# nothing" > /etc/security/pwquality.conf',
      'pass',
    ],
    [
      'a later drop-in beats an earlier one',
      'echo "minlen = 20" > /etc/security/pwquality.conf.d/50-a.conf; echo "minlen = 9" > /etc/security/pwquality.conf.d/60-b.conf; echo > /etc/security/pwquality.conf',
      'fail',
    ],
    [
      'a comment behind the value',
      'echo "minlen = 12 # the company rule" > /etc/security/pwquality.conf',
      'pass',
    ],
    [
      'credits that shorten it',
      'printf "minlen = 13\\ndcredit = 1\\nucredit = 1\\n" > /etc/security/pwquality.conf',
      'fail',
    ],
  ])('%s', (_, script, expected) => {
    const real = pwscore(script, eleven);
    // Eleven characters pass exactly where the minimum is below twelve.
    expect(real.accepted ? 'fail' : 'pass', real.says).toBe(expected);
    expect(pwscore(script, `${twelve}${twelve}`).accepted).toBe(true);
    expect(agent(script)['password-policy/min-length']).toBe(expected);
  });
});

describeWith('what pam_faillock itself does', ['pamtester', 'faillock', 'unshare'], () => {
  const stack = `cat > /etc/pam.d/common-auth <<'EOF'
auth required pam_faillock.so preauth
auth [success=2 default=ignore] pam_unix.so nodelay
auth [default=die] pam_faillock.so authfail
auth requisite pam_deny.so
auth required pam_permit.so
EOF
echo '@include common-auth' > /etc/pam.d/muster-bench
mkdir /mnt/faillock`;

  /** How often a wrong password is looked at before the account is locked, of six tries. */
  function triesBeforeLock(script: string): number {
    const tries =
      'for _ in $(seq 6); do echo wrong | pamtester muster-bench root authenticate 2>&1 || true; done';
    const result = spawnSync(
      'unshare',
      [
        '-m',
        '--propagation',
        'private',
        'bash',
        '-euc',
        `${files}\n${stack}\n${script}\n${tries}\nfaillock --dir /mnt/faillock --user root`,
      ],
      {
        encoding: 'utf8',
        timeout: 60_000,
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      },
    );
    return result.stdout.split('\n').filter((line) => /\sV\s*$/.test(line)).length;
  }

  test('four tries, root too', () => {
    const script =
      'printf "deny = 4\\neven_deny_root\\ndir = /mnt/faillock\\nnodelay\\n" > /etc/security/faillock.conf';
    expect(triesBeforeLock(script)).toBe(4);
    expect(agent(`${stack}\n${script}`)['password-policy/lockout']).toBe('pass');
  }, 90_000);

  test('no limit', () => {
    const script = 'printf "deny = 0\\ndir = /mnt/faillock\\n" > /etc/security/faillock.conf';
    expect(agent(`${stack}\n${script}`)['password-policy/lockout']).toBe('fail');
  });

  test('the file alone does nothing', () => {
    const script =
      'printf "deny = 4\\n" > /etc/security/faillock.conf\nprintf "auth required pam_unix.so\\n" > /etc/pam.d/common-auth';
    expect(agent(script)['password-policy/lockout']).toBe('fail');
  });
});

describeWith('what modprobe itself would do', ['modprobe', 'unshare'], () => {
  const policy = (text: string) =>
    agentAfter(
      `mount -t tmpfs tmpfs /mnt; mount --bind /mnt /etc/modprobe.d; printf '${text}' > /etc/modprobe.d/muster.conf`,
      'removable-media',
    )['removable-media/write-policy'];

  test('install false blocks, with a hyphen or an underscore', () => {
    expect(policy('install usb-storage /bin/false\\n')).toBe('pass');
    expect(policy('install usb_storage /bin/true\\n')).toBe('pass');
  });

  test('a blacklist alone does not', () => {
    expect(policy('blacklist usb-storage\\n')).toBe('fail');
    expect(policy('# install usb-storage /bin/false\\n')).toBe('fail');
  });
});

describeWith('what sudo itself would ask', ['visudo', 'unshare'], () => {
  const elevation = (text: string) =>
    agentAfter(
      `mount -t tmpfs tmpfs /mnt; printf 'Defaults env_reset\\nroot ALL=(ALL:ALL) ALL\\n@includedir /etc/sudoers.d\\n' > /mnt/sudoers; chmod 440 /mnt/sudoers
mkdir /mnt/d; printf '${text}' > /mnt/d/company; chmod 440 /mnt/d/company
mount --bind /mnt/sudoers /etc/sudoers; mount --bind /mnt/d /etc/sudoers.d; visudo -c >/dev/null`,
      'admin-rights',
    )['admin-rights/elevation'];

  test.each<[string, string]>([
    ['%%sudo ALL=(ALL) NOPASSWD: ALL\\n', 'fail'],
    ['%%sudo ALL=(ALL) ALL\\nDefaults !authenticate\\n', 'fail'],
    ['User_Alias ADMINS = root, daemon\\nADMINS ALL=(ALL) NOPASSWD: ALL\\n', 'fail'],
    ['%%sudo ALL=(root, daemon : adm) ALL\\n', 'pass'],
    ['daemon ALL=(root) NOPASSWD: /usr/bin/apt-get update, /bin/ls -l a\\\\,b\\n', 'pass'],
    ['# %%sudo ALL=(ALL) NOPASSWD: ALL\\n', 'pass'],
  ])('%s', (text, expected) => {
    expect(elevation(text)).toBe(expected);
  });
});
