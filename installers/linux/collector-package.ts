import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bashCompletion, fishCompletion, manual, zshCompletion } from './collector-documents.ts';
import { compressed, type LinuxPackage } from './packages.ts';

const own = (name: string) => readFileSync(join(import.meta.dirname, 'collector', name), 'utf8');
const units = 'lib/systemd/system/muster-collector';

/** The collector on a server. */
export const collectorPackage: LinuxPackage = {
  name: 'muster-collector',
  summary: 'shows whether the laptops of small companies are in order',
  description: [
    'Takes in signed reports of the Muster agent, judges them by the written',
    "policy of each company, and shows what needs a person's attention, with",
    'evidence that an auditor can verify. The database is a file of its own or',
    'PostgreSQL.',
  ],
  home: '/usr/lib/muster-collector',
  folder: 'collector',
  scripts: ['preinst', 'postinst', 'prerm', 'postrm'],
  files: (moment) => ({
    'usr/bin/collector': own('collector'),
    'usr/lib/muster-collector/bin/keep-backup': own('keep-backup'),
    'usr/lib/sysusers.d/muster-collector.conf': own('sysusers.conf'),
    'usr/lib/tmpfiles.d/muster-collector.conf': own('tmpfiles.conf'),
    [`${units}.service`]: own('muster-collector.service'),
    [`${units}.service.d/sandbox.conf`]: own('sandbox.conf'),
    [`${units}-backup.service`]: own('muster-collector-backup.service'),
    [`${units}-backup.service.d/sandbox.conf`]: own('sandbox.conf'),
    [`${units}-backup.timer`]: own('muster-collector-backup.timer'),
    'etc/muster-collector/collector.env': own('collector.env'),
    'usr/share/doc/muster-collector/examples/certbot-hook': own('certbot-hook'),
    'usr/share/man/man1/collector.1.gz': compressed(manual(moment)),
    'usr/share/bash-completion/completions/collector': bashCompletion(),
    'usr/share/zsh/vendor-completions/_collector': zshCompletion(),
    'usr/share/fish/vendor_completions.d/collector.fish': fishCompletion(),
  }),
  settings: ['etc/muster-collector/collector.env'],
  needs: {
    deb: [
      'libc6 (>= 2.28)',
      'libstdc++6 (>= 8)',
      'libgcc-s1 (>= 3)',
      'libatomic1 (>= 4.8)',
      'systemd (>= 247)',
    ],
    rpm: ['glibc >= 2.28', 'libstdc++', 'libatomic', 'systemd >= 247', 'util-linux'],
  },
  recommends: ['ca-certificates'],
};
