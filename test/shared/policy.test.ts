import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkIds, checks } from '../../shared/checks/index.ts';
import { shippedData } from '../../shared/data/index.ts';
import { AuthoredPolicy, basePolicy, extendPolicy, PolicyError, policyFrom } from '../../shared/policy.ts';
import { policyDocument } from '../../shared/policy-document.ts';
import { basePolicyYaml } from '../tools/catalogue.ts';

/** A policy as somebody would write it in YAML, extending the base. */
const written = (yaml: string) =>
  AuthoredPolicy.parse(parse(`policy: acme\nversion: 3\nextends: base\n${yaml}`));
const refused = (yaml: string) => {
  const result = AuthoredPolicy.safeParse(parse(`policy: acme\nversion: 3\n${yaml}`));
  return result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
};

describe('a policy as people write it', () => {
  test('a point named without a mode is enforced, even where the base only warns or is off', () => {
    const policy = extendPolicy(
      basePolicy(),
      written('checks: { removable-media: { unencrypted: {} }, legacy-tls: { off: {} } }'),
    );
    expect(basePolicy().checks['removable-media']['unencrypted']?.mode).toBe('warn');
    expect(policy.checks['removable-media']['unencrypted']?.mode).toBe('enforce');
    expect(policy.checks['legacy-tls']['off']?.mode).toBe('enforce');
  });

  test('single media are approved by the number their laptop made, and by nothing else', () => {
    const asked = (media: string) => `checks: { removable-media: { approved: { media: [${media}] } } }`;
    const point = extendPolicy(basePolicy(), written(asked('m3fa2b1c8d4e5'))).checks['removable-media'][
      'approved'
    ];
    expect(point).toMatchObject({ mode: 'enforce', params: { media: ['m3fa2b1c8d4e5'] } });
    expect(basePolicy().checks['removable-media']['approved']).toMatchObject({
      mode: 'off',
      params: { media: [] },
    });
    for (const wrong of ['KINGSTON-0001', '123456789012', 'm3fa2']) {
      expect(refused(asked(wrong)).join(), wrong).toContain('checks.removable-media.approved.media.0');
    }
  });

  test('what it does not name is as in the base', () => {
    const policy = extendPolicy(
      basePolicy(),
      written('checks: { firewall: { enabled: { severity: critical } } }'),
    );
    expect(policy.checks.firewall['enabled']?.severity).toBe('critical');
    expect(policy.checks.firewall['inbound-default']).toEqual(
      basePolicy().checks.firewall['inbound-default'],
    );
    expect(policy.checks['screen-lock']).toEqual(basePolicy().checks['screen-lock']);
  });

  test('parameters it leaves out are inherited, one by one', () => {
    const strict = extendPolicy(
      basePolicy(),
      written('checks: { password-policy: { lockout: { maxAttempts: 5, minLockSeconds: 900 } } }'),
    );
    const stricter = extendPolicy(
      strict,
      written('checks: { password-policy: { lockout: { maxAttempts: 3 } } }'),
    );
    expect(stricter.checks['password-policy']['lockout']?.params).toEqual({
      maxAttempts: 3,
      minLockSeconds: 900,
    });
  });

  test('mode off may be written without quotes', () => {
    expect(
      written('checks: { firewall: { enabled: { mode: off } } }').checks['firewall']?.['enabled'],
    ).toMatchObject({ mode: 'off' });
  });

  test.each([
    ['a check', 'checks: { fire-wall: {} }', /checks: .*fire-wall/],
    ['a point', 'checks: { firewall: { enabeld: {} } }', /checks\.firewall: .*enabeld/],
    [
      'a parameter',
      'checks: { screen-lock: { idle: { maxSecond: 300 } } }',
      /checks\.screen-lock\.idle: .*maxSecond/,
    ],
    [
      'a parameter of another point',
      'checks: { firewall: { enabled: { max: 3 } } }',
      /checks\.firewall\.enabled: .*max/,
    ],
    [
      'a value',
      'checks: { wifi-security: { security: { min: wpa4 } } }',
      /checks\.wifi-security\.security\.min/,
    ],
    [
      'a number out of range',
      'checks: { screen-lock: { idle: { maxSeconds: 0 } } }',
      /checks\.screen-lock\.idle\.maxSeconds/,
    ],
    ['a mode', 'checks: { firewall: { enabled: { mode: enforced } } }', /checks\.firewall\.enabled\.mode/],
    ['a table', 'checks: {}\ndata: { osLifecycle: {} }', /data: .*osLifecycle/],
  ])('names the place of a mistake: %s', (_label, yaml, place) => {
    expect(refused(yaml).join('\n')).toMatch(place);
  });

  test('a placeholder in a list, other sections, and all that company policies say about a point are allowed', () => {
    const policy = extendPolicy(
      basePolicy(),
      written(`
retention: { rawResults: { keep: 90d } }
checks:
  malware-protection:
    active: { severity: critical, realtime: true, approved: [ <config> ], linux: required, clauses: [ ACM-1-a ], numberFrom: text }
  disk-encryption:
    system: { equivalents: { windows: bitlocker, linux: luks }, clauses: [ ACM-2 ] }
  password-policy:
    history: { mode: advisory, min: 4, conflictsWith: [ nist-800-63b-4 ], numberFrom: pci-dss-8.3.7 }
  trash-cleanup:
    automatic: { mode: warn, maxDays: 30, compensates: secure-empty-trash, note: The command is gone since 2015. }
  cloud-sync:
    desktop-sync: { allow: company-tenant }
  device-ownership:
    declared: { allow: [ company, contractor ], contractorNeeds: agreementId }
  device-approval:
    approved: { maxMonths: 12, requires: [ disk-encryption/system, screen-lock/idle ] }
`),
    );
    expect(policy.checks['malware-protection']['active']?.params).toEqual({
      realtime: true,
      approved: ['<config>'],
      linux: 'required',
    });
    expect(policy.checks['password-policy']['history']?.numberFrom).toBe('pci-dss-8.3.7');
    expect(policy.checks['device-approval']['approved']?.clauses).toEqual([]);
  });
});

describe('tables a policy brings', () => {
  const table = (date: string) =>
    `checks: {}\ndata: { osLifecycles: { date: ${date}, sources: [ the vendor ], entries: [ { product: macos, release: '28', ends: null } ] } }`;

  test('the newer one wins, the others stay', () => {
    const { data } = extendPolicy(basePolicy(), written(table("'2027-10-01'")));
    expect(data?.osLifecycles.entries).toHaveLength(1);
    expect(data?.watchList).toBe(shippedData.watchList);
  });

  test('an older one does not replace what the build has', () => {
    const { data } = extendPolicy(basePolicy(), written(table("'2020-01-01'")));
    expect(data?.osLifecycles).toBe(shippedData.osLifecycles);
  });

  test('a date that is none is refused', () => {
    expect(refused(table("'soon'")).join('\n')).toMatch(/data\.osLifecycles\.date/);
  });
});

describe('the base policy', () => {
  const file = readFileSync(join(import.meta.dirname, '../../shared/policies/base.yaml'), 'utf8');

  test('the file is what the catalogue says', () => {
    expect(file).toBe(basePolicyYaml());
  });

  test('read back, it is the base policy', () => {
    expect(extendPolicy(basePolicy(), AuthoredPolicy.parse(parse(file)))).toEqual(basePolicy());
  });

  test('names every point of every check', () => {
    const { checks: named } = parse(file) as { checks: Record<string, Record<string, unknown>> };
    for (const id of checkIds) expect(Object.keys(named[id] ?? {})).toEqual(Object.keys(checks[id].points));
  });
});

describe('how often devices report', () => {
  const withRun = (run: unknown) => policyFrom({ policy: 'example', version: 1, checks: {}, run });

  test('travels to the device; what is left out is inherited, other entries of the section are for others', () => {
    const policy = withRun({ interval: '1h', staleAfter: '7d' });
    expect(policy.run).toEqual({ everyMinutes: 60, jitterMinutes: 240 });
    expect(policyDocument(policy, new Date()).run).toEqual(policy.run);
    expect(basePolicy().run).toBeUndefined();
  });

  test.each([[{ interval: 'daily' }], [{ interval: '1m' }], [{ interval: '30d' }], [{ jitter: '2d' }]])(
    '%j is refused',
    (run) => {
      expect(() => withRun(run)).toThrow(PolicyError);
    },
  );
});
