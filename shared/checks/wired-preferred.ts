import { z } from 'zod';
import { defineCheck, definePoint, fail, noParams, pass } from '../check.ts';

/** Is the cable used where there is one? */
export const wiredPreferred = defineCheck({
  id: 'wired-preferred',
  title: 'Cable before Wi-Fi',
  rationale: 'A cable is harder to listen in on than the air.',
  blindSpots: 'Networks joined between two checks.',
  references: [
    { standard: 'iso-27001-2022', id: 'A.8.20' },
    { standard: 'nist-csf-2.0', id: 'PR.DS-02' },
  ],
  points: {
    wired: definePoint({
      title: 'Wi-Fi off while on a cable',
      mode: 'off',
      severity: 'low',
      value: z.strictObject({ wifiUp: z.boolean(), wiredUp: z.boolean() }),
      params: noParams,
      expected: () => 'Wi-Fi is off while a cable is in use',
      judge({ wifiUp, wiredUp }) {
        if (wifiUp && wiredUp) return fail('on Wi-Fi although a cable is connected');
        return pass(wiredUp ? 'on the cable only' : wifiUp ? 'no cable is connected' : 'on no network');
      },
      remedies: {
        darwin: {
          text: 'Turn Wi-Fi off while the cable is plugged in (Control Center > Wi-Fi).',
          link: 'x-apple.systempreferences:com.apple.wifi-settings-extension',
        },
        win32: {
          text: 'Turn Wi-Fi off while the cable is plugged in (Settings > Network & internet > Wi-Fi).',
          link: 'ms-settings:network-wifi',
        },
        linux: { text: 'Turn Wi-Fi off while the cable is plugged in:', command: 'nmcli radio wifi off' },
      },
      privilege: { darwin: 'user', win32: 'user', linux: 'user' },
    }),
  },
});
