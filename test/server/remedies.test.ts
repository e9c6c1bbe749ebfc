import { expect, test } from 'vitest';
import { remediesOf } from '../../server/review/remedies.ts';
import { screenLock } from '../../shared/checks/screen-lock.ts';

test('a fix is told once where it is the same, and apart where it depends on the version or the desktop', () => {
  const { darwin, win32, linux } = remediesOf(screenLock.points.idle, { maxSeconds: 300 });
  expect(darwin.map(({ where }) => where)).toEqual(['macOS 13 and later', 'macOS 12']);
  expect(win32.length).toBeGreaterThan(0);
  expect(linux.map(({ where }) => where)).toContain('KDE');
  expect(linux.find(({ where }) => where === 'GNOME')?.remedy.command).toContain('idle-delay 300');
  expect(linux.every(({ where }) => !where.includes('Ubuntu'))).toBe(true);
});
