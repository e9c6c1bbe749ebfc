import type { Reason } from '../../../shared/answer.ts';
import { type CommandResult, SourceError, type Sources, unparseable } from '../../probe.ts';

/** WBEM_E_ACCESS_DENIED and E_ACCESSDENIED. */
const denied = ['0x80041003', '0x80070005'];
/** WBEM_E_INVALID_NAMESPACE, WBEM_E_INVALID_CLASS. */
const notThere = ['0x8004100e', '0x80041010'];

function failure(name: string, { stderr }: CommandResult): SourceError {
  const code = /0x[0-9a-f]{8}/i.exec(stderr)?.[0].toLowerCase() ?? '';
  const reason: Reason = denied.includes(code) ? 'denied' : notThere.includes(code) ? 'missing' : 'failed';
  return new SourceError(reason, `${name}: the query failed`, code);
}

/**
 * What one of the named PowerShell queries came to. Text on stderr is no failure by itself: PowerShell 5.1 writes
 * progress there. A query that threw has exit code 1 and its FullyQualifiedErrorId on stderr; its HRESULT becomes the
 * code of the SourceError.
 */
export async function readQuery(sources: Sources, name: string): Promise<unknown> {
  const result = await sources.powershell(name);
  if (result.exitCode !== 0) throw failure(name, result);
  const json = result.stdout.replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)/, '').trim();
  if (json === '') throw failure(name, result);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw unparseable(name);
  }
  if (parsed === null) throw unparseable(name);
  return parsed;
}

/** SourceError unless PowerShell may use COM objects. In constrained language mode those queries say nothing. */
export async function requireFullLanguage(sources: Sources): Promise<void> {
  const answer = await readQuery(sources, 'language-mode');
  const mode =
    typeof answer === 'object' && answer !== null
      ? (answer as Record<string, unknown>)['LanguageMode']
      : null;
  if (mode !== 'FullLanguage') {
    throw new SourceError(
      'denied',
      'language-mode: PowerShell is restricted on this machine',
      'constrained-language',
    );
  }
}
