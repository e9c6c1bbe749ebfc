import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDeviceQuery, parseDeviceQuery } from '../../../server/pages/addresses.ts';
import { DevicePage } from '../../../server/pages/device.tsx';
import {
  countedStates,
  type DeviceQuery,
  type DeviceView,
  deviceSorts,
  listedStates,
} from '../../../server/pages/model.ts';
import { OrganizationPage } from '../../../server/pages/organization.tsx';
import { renderPage } from '../../../server/pages/render.ts';
import { isCounted, sortFindings } from '../../../server/pages/sort-findings.ts';
import { TodayPage } from '../../../server/pages/today.tsx';
import { ago, moment, percent, stateWords } from '../../../server/pages/words.ts';
import { platforms } from '../../../shared/answer.ts';
import { now, sampleDevices, sampleDeviceView, sampleOrganization, sampleToday } from '../../sample/views.ts';

const failing = (): DeviceView => {
  const device = sampleDevices(200).find(({ state, unknown }) => state === 'failing' && unknown.length > 0);
  if (device === undefined) throw new Error('no such sample device');
  return sampleDeviceView(device);
};

describe('an address', () => {
  const queries = fc.record<DeviceQuery>({
    search: fc.string({ maxLength: 30 }).map((text) => text.trim()),
    state: fc.constantFrom(null, ...listedStates),
    platform: fc.constantFrom(null, ...platforms),
    check: fc.constantFrom(null, 'firewall', 'screen-lock'),
    sort: fc.constantFrom(...deviceSorts),
    descending: fc.boolean(),
    asOf: fc.constantFrom(null, '2026-09-30'),
    page: fc.integer({ min: 1, max: 9_999 }),
  });

  it('says what is shown, and is read back as the same', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const text = formatDeviceQuery(query);
        expect(parseDeviceQuery(Object.fromEntries(new URLSearchParams(text)))).toEqual(query);
      }),
    );
  });

  it('leaves out what is as usual', () => {
    expect(formatDeviceQuery({})).toBe('');
    expect(formatDeviceQuery({ state: 'silent', page: 2 })).toBe('?state=silent&page=2');
  });

  it('is never trusted: what nobody offers is not asked', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (given) => {
        const query = parseDeviceQuery({ ...given, state: 'x', check: '../x', page: '-1', sort: 'password' });
        expect(query).toMatchObject({ state: null, check: null, page: 1, sort: 'state' });
      }),
    );
  });
});

describe('words', () => {
  it('never rounds some to none or to all', () => {
    expect([percent(0, 300), percent(1, 300), percent(299, 300), percent(300, 300), percent(0, 0)]).toEqual([
      '0%',
      '1%',
      '99%',
      '100%',
      '0%',
    ]);
  });

  it('tells how long ago in one unit', () => {
    const from = (minutes: number) => ago(new Date(Date.parse(now) - minutes * 60_000).toISOString(), now);
    expect([0, 1, 59, 60, 47 * 60, 48 * 60].map(from)).toEqual([
      'just now',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '47 hours ago',
      '2 days ago',
    ]);
    expect(from(-5), 'a clock that runs ahead').toBe('just now');
  });

  it('writes moments in UTC, whatever the zone of the collector', () => {
    expect(moment('2026-01-02T03:04:05.000Z')).toBe('2 Jan 2026, 03:04 UTC');
  });
});

describe('a device', () => {
  const { findings } = failing();

  it('puts every point in exactly one place', () => {
    const sorted = sortFindings(findings);
    const name = (check: string, { point }: { point: string }) => `${check}/${point}`;
    const explained = [...sorted.failing, ...sorted.attention].flatMap(({ check, points }) =>
      points
        .filter((point) => isCounted(point) && point.status !== 'unknown')
        .map((point) => name(check, point)),
    );
    const untold = sorted.untold.flatMap(({ points }) =>
      points.map(({ finding, point }) => name(finding.check, point)),
    );
    const rest = [...sorted.inOrder, ...sorted.notCounted].flatMap(({ check, points }) =>
      points.map((point) => name(check, point)),
    );
    const all = findings.flatMap(({ check, points }) => points.map((point) => name(check, point)));
    expect([...explained, ...untold, ...rest].toSorted()).toEqual(all.toSorted());
    expect(untold.length).toBeGreaterThan(0);
  });

  it('never calls in order what fails or could not be told', () => {
    const { inOrder } = sortFindings(findings);
    const statuses = new Set(inOrder.flatMap(({ points }) => points.map(({ status }) => status)));
    expect(statuses.has('fail')).toBe(false);
    expect(statuses.has('unknown')).toBe(false);
  });

  it('tells the worst first', () => {
    const severities = ['critical', 'high', 'medium', 'low'];
    const ranks = sortFindings(findings).failing.map(({ severity }) => severities.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  it('never tells what was said long ago as if it were so now', () => {
    const silent = sampleDevices(200).find(
      ({ state, failing }) => state === 'silent' && failing.length === 0,
    );
    if (silent === undefined) throw new Error('no such sample device');
    const page = renderPage(DevicePage, sampleDeviceView(silent));
    expect(page).toContain('This laptop has not reported since');
    expect(page).toContain('In order by its last report');
    expect(page).not.toContain('>Everything the policy asks for is in order.');
    const never = { ...sampleDeviceView(silent), lastReportAt: null, findings: [], reports: [] };
    expect(renderPage(DevicePage, never)).toContain('nothing is known of it');
  });

  it('says so when evidence was changed or a report is missing', () => {
    const view = failing();
    const [first, second, ...rest] = view.reports;
    if (!first || !second) throw new Error('two reports');
    const changed: DeviceView = {
      ...view,
      reports: [{ ...first, signature: 'broken' }, { ...second, chain: 'broken' }, ...rest],
    };
    const page = renderPage(DevicePage, changed);
    expect(page).toContain('Does not match: changed after signing');
    expect(page).toContain('a report before it is missing');
  });
});

describe('every page', () => {
  const pages: readonly (readonly [string, string])[] = [
    ['today', renderPage(TodayPage, sampleToday())],
    ['organization', renderPage(OrganizationPage, sampleOrganization())],
    [
      'organization, filtered',
      renderPage(OrganizationPage, sampleOrganization({ state: 'silent', search: 'mac' })),
    ],
    ['device', renderPage(DevicePage, failing())],
  ];

  it.each(pages)('%s keeps to a strict content security policy', (_name, page) => {
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+="|<script(?![^>]*\ssrc=")/);
    expect(
      [...page.matchAll(/(?:src|href)="([^"#?]*)/g)].every(([, address]) => !address?.includes('//')),
    ).toBe(true);
  });

  it.each(pages)('%s gives no id twice', (_name, page) => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('says every state in words, beside its color', () => {
    const page = renderPage(OrganizationPage, sampleOrganization());
    for (const state of countedStates) expect(page).toContain(stateWords[state]);
    expect(page).toMatch(/aria-label="Laptops of [^"]+: \d+ failing, /);
  });

  it('makes the numbers of the states add up to the fleet', () => {
    const { counts, found } = sampleOrganization();
    expect(countedStates.reduce((sum, state) => sum + counts[state], 0)).toBe(found);
  });
});
