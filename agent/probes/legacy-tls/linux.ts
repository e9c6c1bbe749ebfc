import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, firstOf, type PointProbes, SourceError, type Sources } from '../../probe.ts';

type State = 'on' | 'off';

/** Red Hat's family: DEFAULT, FUTURE, FIPS and their sub-policies forbid TLS 1.0 and 1.1; LEGACY allows them. */
async function byCryptoPolicy(sources: Sources): Promise<[State, State]> {
  const policy = (await sources.file('/etc/crypto-policies/state/current')).trim().split(':')[0];
  if (policy === 'LEGACY') return ['on', 'on'];
  if (policy === 'DEFAULT' || policy === 'FUTURE' || policy === 'FIPS') return ['off', 'off'];
  throw new SourceError('unparseable', 'crypto-policies');
}

const versions = ['None', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** `MinProtocol = TLSv1.2` of OpenSSL's own configuration. Not set = what the library was built with, which nothing here tells. */
async function byOpenSsl(sources: Sources): Promise<[State, State]> {
  const text = await absentAsUndefined(sources.file('/etc/ssl/openssl.cnf'));
  const lowest = [...(text ?? '').matchAll(/^\s*MinProtocol\s*=\s*(\S+)/gim)].at(-1)?.[1];
  if (lowest === undefined) throw new SourceError('missing', 'MinProtocol', 'not-set');
  const level = versions.indexOf(lowest);
  if (level < 0) throw new SourceError('unparseable', 'MinProtocol');
  return [
    level <= versions.indexOf('TLSv1') ? 'on' : 'off',
    level <= versions.indexOf('TLSv1.1') ? 'on' : 'off',
  ];
}

export const linux: PointProbes<'legacy-tls'> = {
  async off(sources) {
    const [first, second] = await firstOf(
      () => byCryptoPolicy(sources),
      () => byOpenSsl(sources),
    );
    return known({
      versions: [
        { version: 'tls-1.0', state: first },
        { version: 'tls-1.1', state: second },
      ],
    });
  },
};
