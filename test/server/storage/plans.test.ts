import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DeviceFilter } from '../../../server/storage/devices.ts';
import { openStores, type Stores } from '../../../server/storage/stores.ts';
import { basePolicy } from '../../../shared/policy.ts';

/** Every statement the stores prepare while a page is made goes through this list. */
const prepared: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'muster-plans-'));
const path = join(folder, 'collector.db');
let stores: Stores;

beforeAll(async () => {
  const prepare = DatabaseSync.prototype.prepare;
  vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql: string) {
    prepared.push(sql);
    return prepare.call(this, sql);
  });
  stores = await openStores(`sqlite:${path}`);
  await stores.organizations.create(
    { name: 'Acme', contact: '', policy: basePolicy() },
    'console',
    new Date(),
  );
});
afterAll(async () => {
  vi.restoreAllMocks();
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

const filters: DeviceFilter[] = (['state', 'device', 'system', 'report'] as const).flatMap((sort) =>
  [null, 'failing' as const].flatMap((state) =>
    [null, 'firewall'].flatMap((check) =>
      ['', 'ubuntu'].map((search) => ({
        search,
        state,
        platform: null,
        check,
        sort,
        descending: sort === 'report',
      })),
    ),
  ),
);

test('no page and no report makes the database read through findings, reports or transitions', async () => {
  prepared.length = 0;
  const { devices, findings, reports, organizations, sessions, users } = stores;
  for (const filter of filters) {
    await devices.list(1, filter, 50, 0);
    await devices.count(1, filter);
  }
  await devices.stateCounts(1);
  await devices.findingCounts(1);
  await devices.lastReportAt(1);
  await devices.byId(1, 'x');
  await devices.sender('x');
  await findings.ofDevice(1, 1);
  await findings.broken(1, new Date(), new Date(), 20);
  await findings.timeline(1, 1, 20);
  await findings.due(new Date(), 20);
  await reports.recent(1, 10, 20);
  await reports.bySequence(1, 1);
  await reports.strayCount(1);
  const { waivers } = stores;
  await waivers.waiting(1, 20);
  await waivers.waitingCount(1);
  await waivers.inForce(1, new Date(), 20);
  await waivers.inForce(1, new Date(), 20, new Date());
  await waivers.ended(1, new Date(), 20, 0);
  await waivers.endedCount(1, new Date());
  await waivers.waitingFor(1, 1);
  await waivers.byId(1, 'x');
  await waivers.history(1, 'x');
  await waivers.granted(1);
  await waivers.asOf(1, new Date());
  await stores.alerts.list(1, { limit: 20, offset: 0 }, 10);
  await stores.alerts.list(1, { from: new Date(), limit: 20, offset: 0 }, 10);
  await stores.alerts.count(1);
  await stores.alerts.byId(1, 'x', 10);
  await stores.alerts.lastAbout(1, 'silent', 'x');
  await stores.alerts.seal(new Date(), { quietMs: 0, longestMs: 0, restMs: 0 });
  await stores.deliveries.list(1, 20, 0);
  await stores.deliveries.claim(new Date(), 1_000, 10);
  await stores.alertSettings.read(1);
  await stores.alertSettings.webhooks(1);
  await stores.news.broken(1, new Date(), 10);
  await stores.news.stateChanges(1, 10);
  await stores.news.brokeSince(1, 'x', new Date());
  await stores.news.diverged(1, 10);
  await stores.news.newest();
  const { records } = stores;
  for (const sort of ['due', 'reference', 'title', 'state', 'updated'] as const) {
    for (const state of [null, 'open', 'overdue', 'decided']) {
      const filter = { search: 'x', state, sort, descending: false };
      await records.list(1, 'breaches', filter, new Date(), 50, 0);
      await records.count(1, 'breaches', filter, new Date());
    }
  }
  await records.byId(1, 'breaches', 'x');
  await records.byIds(1, ['x']);
  await records.history(1, 'x');
  await records.targets(1, 'x');
  await records.sources(1, 'x');
  await records.due(1, new Date(), 20);
  await records.dueCount(1, new Date());
  await records.coverage(1, new Date());
  await records.standings(1, new Date());
  await stores.clauses.exclusions(1, new Date());
  await stores.measurements.read(1, new Date());
  await stores.attestations.byId(1, 'x');
  await stores.attestations.list(1, 20);
  await stores.attestations.people(1, 'x');
  await stores.attestations.byCode('x');
  await stores.attestations.ofDevice(1);
  await stores.attestations.coverage(1, new Date());
  await stores.attestations.signedBetween(1, new Date(), new Date());
  await stores.attestations.askedBefore(1, new Date());
  await organizations.policy(1);
  await organizations.byId('x');
  for (const platform of [null, 'linux' as const]) {
    const filter = { subject: 'firewall', status: 'fail' as const, platform };
    await stores.checkFindings.list(1, filter, false, 50, 0);
    await stores.checkFindings.list(1, filter, true, 50, 0);
    await stores.checkFindings.count(1, filter);
    const repairs = {
      subjects: ['firewall/enabled', 'firewall/inbound-default'],
      since: new Date(),
      until: new Date(),
      platform,
    };
    await stores.checkFindings.lastBecame(1, repairs.subjects, 'fail', repairs.until);
    await stores.checkFindings.repairs(1, repairs, 50, 0);
    await stores.checkFindings.repairCount(1, repairs);
  }
  await devices.after(1, 'D-0', 200);
  await devices.byIds(1, ['x', 'y']);
  await reports.factual([{ device: 1, sequence: 1 }]);
  await stores.policies.versions(1, 3, 20);
  await stores.policies.scheduled(1);
  await stores.policies.putDueInForce(new Date());
  await stores.policies.progress(1);
  await stores.policyDrafts.find(1);
  await sessions.find('x', new Date());
  await users.memberships(1, new Date());
  await users.byEmail('x');
  await users.byId('x');
  await users.credentials(1);
  await users.names(['x']);
  await users.needsSecondFactor(1, new Date());
  await sessions.list(1, new Date());
  const { members, audit } = stores;
  await members.list(1);
  await members.isOnlyInvited(1, 1);
  await members.isElsewhere(1, 1);
  await members.names(1);
  await stores.apiTokens.find('x', new Date());
  await stores.apiTokens.list(1);
  await stores.passkeys.list(1);
  await stores.passkeys.byId('x');
  await stores.secondFactors.of(1);
  await stores.signInSteps.find('x', 'passkey', new Date());
  await stores.failedAttempts.begin(Buffer.from('x'), { failures: 10, windowMs: 1, names: 10 }, new Date());
  await stores.heldPolicies.newer(1);
  await stores.statementMails.unanswered(1, new Date());
  await stores.statementMails.asked(1, 'x');
  await stores.statementMails.pseudonyms(1, ['x']);
  await stores.attestations.byCode('x');
  await stores.failedAttempts.forget(Buffer.from('x'));
  for (const actor of [null, 'console']) {
    for (const subject of [null, 'x']) {
      for (const actions of [null, ['device.view', 'session.begin']]) {
        for (const day of [null, new Date()]) {
          await audit.search(1, { actor, subject, actions, from: day, to: day }, undefined, 50);
          await audit.search(1, { actor, subject, actions, from: day, to: day }, 99, 50);
        }
      }
    }
  }

  const selects = [...new Set(prepared)].filter((sql) => /^select/i.test(sql));
  expect(selects.length).toBeGreaterThan(25);
  const database = new DatabaseSync(path);
  const scans: string[] = [];
  for (const sql of selects) {
    const plan = database.prepare(`explain query plan ${sql}`);
    const steps = plan.all(...Array.from(sql.matchAll(/\?/g), () => 1)) as { detail: string }[];
    for (const { detail } of steps) {
      if (
        /^SCAN (users|memberships|sessions|passkeys|recovery_codes|api_tokens|sign_in_steps|register_\w+|attestation_\w+|person|campaign|clause_exclusions|seen|findings|reports|kept|facts|transitions|stray_reports|devices|audit|waivers|waiver_events|alerts|alert_events|deliveries|webhooks|state_changes|policies)\b/.test(
          detail,
        )
      ) {
        scans.push(`${detail}: ${sql}`);
      }
    }
  }
  database.close();
  expect(scans).toEqual([]);
});
