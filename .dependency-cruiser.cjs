/** Who may import whom. Proven by test/tools/import-rules.test.ts, which plants a bad import for every rule. */
const only = (name, module, home, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(agent|server|shared|installers)/', pathNot: home },
  to: { path: module },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'No module is part of a cycle.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shared-is-pure',
      comment:
        'shared imports zod and itself, so that it runs anywhere and judges without touching a machine.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^shared/|/zod/|^zod' },
    },
    {
      name: 'probes-use-sources',
      comment:
        'Probes see the machine through Sources only: no Node modules, no libraries but the types of zod.',
      severity: 'error',
      from: { path: '^agent/probes/' },
      to: { pathNot: '^agent/(probes/|readings/|probe\\.ts)|^shared/|/zod/' },
    },
    {
      name: 'readings-use-sources',
      comment:
        'Readings are parsers shared by probes; beside Sources they may use a pure property list parser.',
      severity: 'error',
      from: { path: '^agent/readings/' },
      to: { pathNot: '^agent/(readings/|probe\\.ts)|^shared/|/(plist|bplist-parser)/' },
    },
    {
      name: 'agent-not-server',
      comment: 'The agent and the collector share nothing but shared.',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: '^(server|installers)/' },
    },
    {
      name: 'server-not-agent',
      comment: 'The agent and the collector share nothing but shared.',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(agent|installers)/' },
    },
    {
      name: 'no-sql-outside-storage',
      comment: 'Routes, pages and reviews talk to stores.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/storage/' },
      to: { path: '/kysely/|^node:sqlite$|^sqlite$|/pg/' },
    },
    {
      name: 'api-not-pages',
      comment:
        'What pages and the API both do lives in server/desk; of the pages, the API knows their addresses.',
      severity: 'error',
      from: { path: '^server/routes/(api|agents)/' },
      to: { path: '^server/(routes/)?pages/', pathNot: '^server/pages/.*addresses\\.ts$' },
    },
    {
      name: 'pages-not-api',
      comment: 'What pages and the API both do lives in server/desk.',
      severity: 'error',
      from: { path: '^server/(routes/)?pages/' },
      to: { path: '^server/routes/(api|agents)/' },
    },
    {
      name: 'nothing-imports-test',
      comment: 'Tests import the product, never the other way round.',
      severity: 'error',
      from: { path: '^(agent|server|shared|installers)/' },
      to: { path: '^test/' },
    },
    only(
      'one-home-child-process',
      '^(node:)?child_process$',
      '^agent/sources/exec\\.ts$|^agent/commands/service\\.ts$|^agent/service/|^agent/watch/darwin\\.ts$|^agent/update/programs\\.ts$|^installers/',
      'One door to other programs.',
    ),
    only('one-home-axios', '/axios/', '^agent/sync/client\\.ts$', 'One door to the network.'),
    only(
      'one-home-node-schedule',
      '/node-schedule/',
      '^agent/(commands/service|service/[a-z-]+)\\.ts$|^server/schedule\\.ts$',
      'One clock that starts things.',
    ),
    only('one-home-nodemailer', '/nodemailer/', '^server/alerts/mail\\.ts$', 'One door for e-mail.'),
    only('one-home-pdf', '/pdfkit/', '^server/exports/tagged-pdf\\.ts$', 'One place writes PDF.'),
    only('one-home-tuf', '/tuf-js/', '^agent/update/releases\\.ts$', 'Releases are believed in one place.'),
    only('one-home-keychain', '/@napi-rs/keyring', '^agent/secrets/', 'One door to the keychain.'),
    only(
      'one-home-systeminformation',
      '/systeminformation/',
      '^agent/sources/system-information\\.ts$',
      'It swallows errors; the wrapper does not.',
    ),
    only(
      'one-home-authenticator-app',
      '/otpauth/',
      '^server/access/authenticator-app\\.ts$',
      'One place that knows how codes are made.',
    ),
    only(
      'one-home-passkeys',
      '/@simplewebauthn/',
      '^server/access/passkeys\\.ts$',
      'One place that verifies passkeys.',
    ),
    only(
      'one-home-single-sign-on',
      '/openid-client/',
      '^server/access/single-sign-on\\.ts$',
      'One door to identity providers.',
    ),
    only('one-home-koffi', '/koffi/', '^agent/sources/', 'Native calls are sources.'),
    only(
      'one-home-agent-sqlite',
      '^(node:)?sqlite$',
      '^agent/sync/|^agent/state/|^server/storage/',
      'The outbox and the stores.',
    ),
    only('one-home-age', '/age-encryption/', '^server/backup/sealing\\.ts$', 'One door to what is sealed.'),
    only(
      'one-home-postgres',
      '/(@types/)?pg(-cursor)?/',
      '^server/storage/postgres\\.ts$',
      'One door to PostgreSQL.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    exclude: { path: '^dist/' },
  },
};
