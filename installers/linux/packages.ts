import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BuildMoment } from '../build-moment.ts';
import { settle } from '../stage.ts';
import type { Target } from '../targets.ts';
import { bashCompletion, fishCompletion, manual, zshCompletion } from './command-documents.ts';

const root = join(import.meta.dirname, '../..');
const own = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

const summary = 'tells whether this computer is set up as its company asks';
const description = [
  'Reads screen lock, disk encryption, password policy, firewall, removable',
  'media and more, says what is in order, what is not and how to put it right,',
  'and reports the same facts, signed, to the collector this computer is',
  'enrolled at. It changes no setting.',
];
const maintainer = 'Muster <muster@localhost.example>';

/** Where the agent is put; the unit file and its guide name the same place. */
export const linuxHome = '/usr/lib/muster';

/** gzip without a time in it. */
const compressed = (text: string) => gzipSync(text, { level: 9 });

/** The whole tree as it will lie on the machine. */
function layOut(staged: string, moment: BuildMoment, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  cpSync(staged, join(folder, linuxHome), { recursive: true });
  mkdirSync(join(folder, 'usr/bin'), { recursive: true });
  symlinkSync('../lib/muster/agent/agent', join(folder, 'usr/bin/agent'));
  for (const unit of ['muster-agent.service', 'muster-agent.path'])
    put(`lib/systemd/system/${unit}`, own(unit));
  put('usr/share/man/man1/agent.1.gz', compressed(manual(moment)));
  put('usr/share/bash-completion/completions/agent', bashCompletion());
  put('usr/share/zsh/vendor-completions/_agent', zshCompletion());
  put('usr/share/fish/vendor_completions.d/agent.fish', fishCompletion());
  put('usr/share/doc/muster-agent/copyright', copyright());
  settle(folder, moment.epoch);
}

function copyright(): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Muster
Comment: Every part and its license: ${linuxHome}/bill-of-materials.cdx.json; Node's: ${linuxHome}/licenses/node

Files: *
Copyright: 2026 the Muster authors
License: Apache-2.0
 On Debian systems the whole text is in /usr/share/common-licenses/Apache-2.0.
`;
}

/** A Debian package; answers its path. One that is not compressed is made in a moment, for trying it out. */
export function buildDeb(
  target: Target,
  staged: string,
  moment: BuildMoment,
  output: string,
  compression: 'xz' | 'none' = 'xz',
): string {
  const architecture = target.cpu === 'x64' ? 'amd64' : 'arm64';
  const folder = join(root, '.cache/stage', `deb-${target.id}`);
  layOut(staged, moment, folder);
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const date = new Date(moment.epoch * 1_000).toUTCString().replace('GMT', '+0000');
  put(
    'usr/share/doc/muster-agent/changelog.gz',
    compressed(`muster-agent (${moment.version}) stable; urgency=medium

  * Built from commit ${moment.commit}.

 -- ${maintainer}  ${date}
`),
  );
  put('usr/share/lintian/overrides/muster-agent', own('lintian-overrides'));
  const size = Number(
    execFileSync('du', ['-sk', '--apparent-size', folder], { encoding: 'utf8' }).split('\t')[0],
  );
  put(
    'DEBIAN/control',
    `Package: muster-agent
Version: ${moment.version}
Section: admin
Priority: optional
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libstdc++6 (>= 8), libgcc-s1 (>= 3), libatomic1 (>= 4.8)
Recommends: systemd (>= 247)
Homepage: https://muster.localhost.example
Description: ${summary}
${description.map((line) => ` ${line}`).join('\n')}
`,
  );
  for (const script of ['postinst', 'prerm', 'postrm']) put(`DEBIAN/${script}`, own(script));
  settle(folder, moment.epoch);
  const path = join(output, `muster-agent_${moment.version}_${architecture}.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', folder, path], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(moment.epoch) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path;
}

/** A package for Fedora, RHEL, openSUSE and their kin; answers its path. */
export function buildRpm(target: Target, staged: string, moment: BuildMoment, output: string): string {
  const architecture = target.cpu === 'x64' ? 'x86_64' : 'aarch64';
  const work = join(root, '.cache/stage', `rpm-${target.id}`);
  const tree = join(work, 'tree');
  layOut(staged, moment, tree);
  const script = (name: string, first: string) =>
    own(name)
      .replace(/^#!.*\n/, '')
      .replaceAll('"$1"', first);
  writeFileSync(
    join(work, 'muster-agent.spec'),
    `Name: muster-agent
Version: ${moment.version.replaceAll('-', '~')}
Release: 1
Summary: ${summary.replace(/^./, (letter) => letter.toUpperCase())}
License: Apache-2.0
URL: https://muster.localhost.example
AutoReqProv: no
Requires: glibc >= 2.28, libstdc++, libatomic

%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none

%description
${description.join('\n')}

%install
cp -a ${tree}/. %{buildroot}

%post
if [ "$1" -gt 1 ]; then set -- configure upgrade; else set -- configure; fi
${script('postinst', '"$1"')}

%preun
if [ "$1" -gt 0 ]; then set -- upgrade; else set -- remove; fi
${script('prerm', '"$1"')}

%postun
if [ "$1" -gt 0 ]; then exit 0; fi
set -- remove
${script('postrm', '"$1"')}

%files
${linuxHome}
/usr/bin/agent
/lib/systemd/system/muster-agent.service
/lib/systemd/system/muster-agent.path
%doc /usr/share/man/man1/agent.1.gz
/usr/share/bash-completion/completions/agent
/usr/share/zsh/vendor-completions/_agent
/usr/share/fish/vendor_completions.d/agent.fish
%license /usr/share/doc/muster-agent/copyright
`,
  );
  const define = (name: string, value: string) => ['--define', `${name} ${value}`];
  execFileSync(
    'rpmbuild',
    [
      '-bb',
      '--quiet',
      '--target',
      `${architecture}-linux`,
      ...define('_topdir', join(work, 'rpmbuild')),
      ...define('_rpmdir', work),
      ...define('_buildhost', 'localhost'),
      ...define('use_source_date_epoch_as_buildtime', '1'),
      ...define('clamp_mtime_to_source_date_epoch', '1'),
      ...define('_binary_payload', 'w6.xzdio'),
      join(work, 'muster-agent.spec'),
    ],
    {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(moment.epoch) },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const name = `muster-agent-${moment.version.replaceAll('-', '~')}-1.${architecture}.rpm`;
  const path = join(output, name);
  cpSync(join(work, architecture, name), path);
  return path;
}
