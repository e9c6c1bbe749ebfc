import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bashCompletion, fishCompletion, manual, zshCompletion } from './agent-documents.ts';
import { compressed, type LinuxPackage } from './packages.ts';

const own = (name: string) => readFileSync(join(import.meta.dirname, 'agent', name), 'utf8');

/** The agent on a laptop. */
export const agentPackage: LinuxPackage = {
  name: 'muster-agent',
  summary: 'tells whether this computer is set up as its company asks',
  description: [
    'Reads screen lock, disk encryption, password policy, firewall, removable',
    'media and more, says what is in order, what is not and how to put it right,',
    'and reports the same facts, signed, to the collector this computer is',
    'enrolled at. It changes no setting.',
  ],
  home: '/usr/lib/muster',
  folder: 'agent',
  scripts: ['postinst', 'prerm', 'postrm'],
  files: (moment) => ({
    'usr/bin/agent': { link: '../lib/muster/agent/agent' },
    'lib/systemd/system/muster-agent.service': own('muster-agent.service'),
    'lib/systemd/system/muster-agent.path': own('muster-agent.path'),
    'usr/share/man/man1/agent.1.gz': compressed(manual(moment)),
    'usr/share/bash-completion/completions/agent': bashCompletion(),
    'usr/share/zsh/vendor-completions/_agent': zshCompletion(),
    'usr/share/fish/vendor_completions.d/agent.fish': fishCompletion(),
  }),
  settings: [],
  needs: {
    deb: ['libc6 (>= 2.28)', 'libstdc++6 (>= 8)', 'libgcc-s1 (>= 3)', 'libatomic1 (>= 4.8)'],
    rpm: ['glibc >= 2.28', 'libstdc++', 'libatomic'],
  },
  recommends: ['systemd (>= 247)'],
};
