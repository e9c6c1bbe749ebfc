import { known } from '../../../shared/answer.ts';
import { firstOf, type PointProbes } from '../../probe.ts';
import { fileVault } from '../../readings/darwin/file-vault.ts';
import { automaticLoginFile, automaticLoginName } from '../../readings/darwin/login-window.ts';
import { managedValue } from '../../readings/darwin/managed.ts';
import { switchIn } from '../../readings/darwin/property-list.ts';
import { told } from '../../readings/darwin/told.ts';

export const darwin: PointProbes<'auto-login'> = {
  async off(sources) {
    const key = 'com.apple.login.mcx.DisableAutoLoginClient';
    if (await managedValue(sources, 'com.apple.loginwindow', key, switchIn))
      return known({ state: 'off' }, 'policy');
    const on = await firstOf(
      () => automaticLoginName(sources),
      () => automaticLoginFile(sources),
    );
    if (!on) return known({ state: 'off' }, 'user');
    // FileVault asks for a password before anything starts; only when it certainly does has the setting no effect.
    const encrypted = (await told(fileVault(sources)))?.state === 'encrypted';
    return known({ state: encrypted ? 'on-without-effect' : 'on' }, 'user');
  },
};
