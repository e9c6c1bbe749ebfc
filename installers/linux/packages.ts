import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BuildMoment } from '../build-moment.ts';
import { settle } from '../stage.ts';
import type { Target } from '../targets.ts';

/** What a Linux package is, whichever of the two formats it gets. */
export interface LinuxPackage {
  readonly name: 'muster-agent' | 'muster-collector';
  readonly summary: string;
  readonly description: readonly string[];
  /** Where the staged program is put; the unit files name the same place. */
  readonly home: string;
  /** Folder beside this file with its maintainer scripts. */
  readonly folder: 'agent' | 'collector';
  readonly scripts: readonly ('preinst' | 'postinst' | 'prerm' | 'postrm')[];
  /** Everything beside the program, by path. A text is a file, a link says where it leads. */
  readonly files: (
    moment: BuildMoment,
  ) => Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;
  /** Those of them that belong to whoever runs the machine: an upgrade keeps what was changed. */
  readonly settings: readonly string[];
  readonly needs: { readonly deb: readonly string[]; readonly rpm: readonly string[] };
  readonly recommends: readonly string[];
}

const maintainer = 'Muster <muster@localhost.example>';

/** gzip without a time in it. */
export const compressed = (text: string) => gzipSync(text, { level: 9 });

const own = (folder: string, name: string) => readFileSync(join(import.meta.dirname, folder, name), 'utf8');

/** A folder of its own while something is built, so that two builds side by side are two. */
function inWorkFolder(build: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'muster-package-'));
  try {
    build(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function put(folder: string, path: string, content: string | Uint8Array | { readonly link: string }): void {
  const to = join(folder, path);
  mkdirSync(dirname(to), { recursive: true });
  if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, to);
  else writeFileSync(to, content);
}

/** The whole tree as it will lie on the machine. */
function layOut(kind: LinuxPackage, staged: string, moment: BuildMoment, folder: string): void {
  cpSync(staged, join(folder, kind.home), { recursive: true });
  for (const [path, content] of Object.entries(kind.files(moment))) put(folder, path, content);
  put(folder, `usr/share/doc/${kind.name}/copyright`, copyright(kind));
  settle(folder, moment.epoch);
}

function copyright({ home }: LinuxPackage): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Muster
Comment: Every part and its license: ${home}/bill-of-materials.cdx.json; Node's: ${home}/licenses/node

Files: *
Copyright: 2026 the Muster authors
License: Apache-2.0
 On Debian systems the whole text is in /usr/share/common-licenses/Apache-2.0.
`;
}

/** A Debian package; answers its path. One that is not compressed is made in a moment, for trying it out. */
export function buildDeb(
  kind: LinuxPackage,
  target: Target,
  staged: string,
  moment: BuildMoment,
  output: string,
  compression: 'xz' | 'none' = 'xz',
): string {
  const { name } = kind;
  const architecture = target.cpu === 'x64' ? 'amd64' : 'arm64';
  const path = join(output, `${name}_${moment.version}_${architecture}.deb`);
  inWorkFolder((work) => {
    const folder = join(work, 'tree');
    layOut(kind, staged, moment, folder);
    const date = new Date(moment.epoch * 1_000).toUTCString().replace('GMT', '+0000');
    put(
      folder,
      `usr/share/doc/${name}/changelog.gz`,
      compressed(`${name} (${moment.version}) stable; urgency=medium

  * Built from commit ${moment.commit}.

 -- ${maintainer}  ${date}
`),
    );
    put(folder, `usr/share/lintian/overrides/${name}`, own(kind.folder, 'lintian-overrides'));
    put(
      folder,
      'DEBIAN/control',
      `Package: ${name}
Version: ${moment.version}
Section: admin
Priority: optional
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${installedSize(folder)}
Depends: ${kind.needs.deb.join(', ')}
${kind.recommends.map((one) => `Recommends: ${one}\n`).join('')}Homepage: https://muster.localhost.example
Description: ${kind.summary}
${kind.description.map((line) => ` ${line}`).join('\n')}
`,
    );
    if (kind.settings.length > 0) {
      put(folder, 'DEBIAN/conffiles', kind.settings.map((path) => `/${path}\n`).join(''));
    }
    for (const script of kind.scripts) put(folder, `DEBIAN/${script}`, own(kind.folder, script));
    settle(folder, moment.epoch);
    execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', folder, path], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(moment.epoch) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });
  return path;
}

/** In KiB, as Debian counts it whatever the file system: files rounded up, and one for everything else. */
const installedSize = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) =>
      entry.isFile() ? Math.ceil(statSync(join(entry.parentPath, entry.name)).size / 1024) : 1,
    )
    .reduce((sum, one) => sum + one, 0);

/** How RPM's scripts are called, and what turns its count of installed versions into the words of Debian's. */
const scriptlets = {
  preinst: ['%pre', 'if [ "$1" -gt 1 ]; then set -- upgrade; else set -- install; fi'],
  postinst: ['%post', 'set -- configure'],
  prerm: ['%preun', 'if [ "$1" -gt 0 ]; then set -- upgrade; else set -- remove; fi'],
  postrm: ['%postun', 'if [ "$1" -gt 0 ]; then set -- upgrade; else set -- remove; fi'],
} as const;

/** A package for Fedora, RHEL, openSUSE and their kin; answers its path. One that is not compressed much is made in a moment. */
export function buildRpm(
  kind: LinuxPackage,
  target: Target,
  staged: string,
  moment: BuildMoment,
  output: string,
  compression: 'xz' | 'none' = 'xz',
): string {
  const { name } = kind;
  const architecture = target.cpu === 'x64' ? 'x86_64' : 'aarch64';
  const version = moment.version.replaceAll('-', '~');
  const made = `${name}-${version}-1.${architecture}.rpm`;
  const path = join(output, made);
  inWorkFolder((work) => {
    const tree = join(work, 'tree');
    layOut(kind, staged, moment, tree);
    writeFileSync(join(work, `${name}.spec`), specification(kind, version, moment, tree));
    const define = (key: string, value: string) => ['--define', `${key} ${value}`];
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
        ...define('_binary_payload', compression === 'xz' ? 'w6.xzdio' : 'w0.ufdio'),
        join(work, `${name}.spec`),
      ],
      {
        env: { ...process.env, SOURCE_DATE_EPOCH: String(moment.epoch) },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    cpSync(join(work, architecture, made), path);
  });
  return path;
}

/** What rpmbuild is told; the tree is there already and only put in its place. */
function specification(kind: LinuxPackage, version: string, moment: BuildMoment, tree: string): string {
  const { name, home } = kind;
  const marked = (path: string) => {
    if (kind.settings.includes(path)) return `%config(noreplace) /${path}`;
    return path.startsWith('usr/share/man/') ? `%doc /${path}` : `/${path}`;
  };
  const files = Object.keys(kind.files(moment)).filter((path) => !`/${path}`.startsWith(`${home}/`));
  // Folders that are ours alone go with the package.
  const folders = new Set(
    [...files, `usr/share/doc/${name}/copyright`].flatMap((path) => {
      const parts = path.split('/');
      const first = parts.findIndex((part) => part.startsWith(name));
      return first < 0
        ? []
        : parts.slice(first, -1).map((_, index) => parts.slice(0, first + index + 1).join('/'));
    }),
  );
  return `Name: ${name}
Version: ${version}
Release: 1
Summary: ${kind.summary.replace(/^./, (letter) => letter.toUpperCase())}
License: Apache-2.0
URL: https://muster.localhost.example
AutoReqProv: no
Requires: ${kind.needs.rpm.join(', ')}

%global __os_install_post %{nil}
%global debug_package %{nil}
%global _build_id_links none

%description
${kind.description.join('\n')}

%install
cp -a ${tree}/. %{buildroot}

${kind.scripts
  .map((script) => {
    const [section, words] = scriptlets[script];
    return `${section}\n${words}\n${own(kind.folder, script).replace(/^#!.*\n/, '')}\n`;
  })
  .join('')}
%files
${home}
${[...folders].map((path) => `%dir /${path}`).join('\n')}
${files.map(marked).join('\n')}
%license /usr/share/doc/${name}/copyright
`;
}
