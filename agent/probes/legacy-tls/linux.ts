import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, SourceError, type Sources, unparseable } from '../../probe.ts';

type State = 'on' | 'off';

/** Policies that forbid TLS 1.0 and 1.1, and sub-policies that leave it at that. What else somebody wrote may allow anything. */
const policies = new Set(['DEFAULT', 'FUTURE', 'FIPS', 'BSI', 'NEXT']);
const subPolicies =
  /^(?:NO-[A-Z0-9-]+|SHA1|AD-SUPPORT|AD-SUPPORT-LEGACY|ECDHE-ONLY|OSPP|GOST|PQ|TEST-PQ|HARDWARE-TOKENS)$/;

/** Red Hat's family: `DEFAULT`, `DEFAULT:SHA1`, `LEGACY`. Undefined = a system without such policies. Throws SourceError. */
async function byCryptoPolicy(sources: Sources): Promise<[State, State] | undefined> {
  const text = await absentAsUndefined(sources.file('/etc/crypto-policies/state/current'));
  if (text === undefined) return undefined;
  const [policy = '', ...more] = text.trim().split(':');
  if (policy === 'LEGACY') return ['on', 'on'];
  if (policies.has(policy) && more.every((name) => subPolicies.test(name))) return ['off', 'off'];
  throw unparseable('crypto-policies');
}

const versions = ['None', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/**
 * `MinProtocol = TLSv1.2` of OpenSSL's own configuration; of several sections the lowest. Not set = what the library was built
 * with, which nothing here tells.
 */
async function byOpenSsl(sources: Sources): Promise<[State, State]> {
  const text = await absentAsUndefined(sources.file('/etc/ssl/openssl.cnf'));
  const set = [...(text ?? '').matchAll(/^[^\S\n]*MinProtocol\s*=\s*(\S+)/gim)]
    .map((match) => match[1] ?? '')
    .filter((version) => !version.startsWith('DTLS'));
  if (set.length === 0) throw new SourceError('missing', 'MinProtocol', 'not-set');
  const levels = set.map((version) => versions.indexOf(version));
  const level = Math.min(...levels);
  if (level < 0) throw unparseable('MinProtocol');
  return [
    level <= versions.indexOf('TLSv1') ? 'on' : 'off',
    level <= versions.indexOf('TLSv1.1') ? 'on' : 'off',
  ];
}

export const linux: PointProbes<'legacy-tls'> = {
  async off(sources) {
    const [first, second] = (await byCryptoPolicy(sources)) ?? (await byOpenSsl(sources));
    return known({
      versions: [
        { version: 'tls-1.0', state: first },
        { version: 'tls-1.1', state: second },
      ],
    });
  },
};
