import { describe, expect, test } from 'vitest';
import { newestData, ReferenceData, shippedData } from '../../shared/data/index.ts';
import { Products } from '../../shared/data/product-traces.ts';
import { products } from '../../shared/data/products.ts';
import { byMacApp, byPackage, byWindowsName } from '../../shared/data/recognise.ts';

describe('what is shipped', () => {
  test('fits its own schema', () => {
    expect(ReferenceData.parse(shippedData)).toEqual(shippedData);
    expect(Products.parse(products)).toEqual(products);
  });

  test('a release stands once for each edition, and extensions end after the release', () => {
    const { entries } = shippedData.osLifecycles;
    const keys = entries.map(({ product, release, edition }) => `${product} ${release} ${edition}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    for (const { product, release, ends, extendedEnds } of entries) {
      if (extendedEnds !== undefined)
        expect(extendedEnds >= (ends ?? ''), `${product} ${release}`).toBe(true);
    }
  });

  test('releases of a program stand newest first, and none is younger than its table', () => {
    const { date, entries } = shippedData.appVersions;
    for (const { app, releases } of entries) {
      const dates = releases.map((release) => release.date);
      expect(dates, app).toEqual(dates.toSorted().toReversed());
      expect((dates[0] ?? '') <= date, app).toBe(true);
    }
  });

  test('no product shows by the name of another', () => {
    for (const [kind, { entries }] of Object.entries(products)) {
      for (const { id, win32, darwin, linux } of entries) {
        for (const name of win32?.names ?? [])
          expect(byWindowsName(kind as keyof Products, name), name).toBe(id);
        for (const app of darwin?.apps ?? []) expect(byMacApp(kind as keyof Products, app), app).toBe(id);
        for (const name of linux?.packages ?? [])
          expect(byPackage(kind as keyof Products, name), name).toBe(id);
      }
    }
  });
});

describe('recognising products', () => {
  test.each([
    ['Bitdefender Total Security', 'bitdefender'],
    ['Windows Defender', 'defender'],
    ['Microsoft Defender Antivirus', 'defender'],
    ['ESET Security', 'eset'],
    ['Esetup Tool', undefined],
    ['sophos', 'sophos'],
  ])('%s is %s', (name, id) => {
    expect(byWindowsName('malware', name)).toBe(id);
  });

  test('a name that is only a word is taken as a whole', () => {
    expect(byWindowsName('sync', 'Box')).toBe('box');
    expect(byWindowsName('sync', 'Box Office Manager')).toBeUndefined();
  });
});

test('of two tables the newer one counts, table by table', () => {
  const newer = { ...shippedData.watchList, date: '2099-01-01', entries: [] };
  const older = { ...shippedData.appVersions, date: '2001-01-01', entries: [] };
  expect(newestData(shippedData, { watchList: newer, appVersions: older })).toEqual({
    ...shippedData,
    watchList: newer,
  });
});
