import { known } from '../../../shared/answer.ts';
import { type PointProbes, SourceError } from '../../probe.ts';
import { readSettings } from '../../readings/win32/registry.ts';
import { ofAnybody, readTerminalSessions } from '../../readings/win32/sessions.ts';

/** The token of everyone signed in, and User Account Control. Windows 10 and 11. */
export const win32: PointProbes<'admin-rights'> = {
  async 'not-admin'(sources) {
    const sessions = await readTerminalSessions(sources);
    if (sessions.length === 0) throw new SourceError('no-session', 'nobody is signed in', 'no-session');
    return known({ administrator: ofAnybody(sessions.map(({ administrator }) => administrator)) });
  },
  /**
   * "Never notify" leaves UAC on and elevates in silence. Windows writes both values when it is installed; where one
   * is missing, this says nothing rather than take the default.
   */
  async elevation(sources) {
    const system = await readSettings(
      sources,
      'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System',
    );
    const on = system.dword('EnableLUA', 1);
    if (on === 0) return known({ asks: 'off' });
    const prompt = system.dword('ConsentPromptBehaviorAdmin', 5);
    if (on === undefined || prompt === undefined)
      throw new SourceError('missing', 'User Account Control: not set');
    return known({ asks: prompt === 0 ? 'silent' : 'asks' });
  },
};
