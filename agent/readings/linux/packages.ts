import { firstOf, SourceError, type Sources, unparseable } from '../../probe.ts';
import { answered } from './answered.ts';

/** A program the distribution's package manager installed. */
export interface InstalledPackage {
  readonly name: string;
  /** Without epoch and distribution's own revision: `128.5.0`. */
  readonly version: string;
}

/**
 * Installed packages, by dpkg, else by rpm. What came as flatpak, snap or from elsewhere is not among them. Throws SourceError
 * where neither answers (Arch, NixOS).
 */
export async function readPackages(sources: Sources): Promise<readonly InstalledPackage[]> {
  return firstOf(
    async () => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders.
      const argv = ['dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package} ${Version}\\n'] as const;
      return parseDpkg((await answered(sources, argv)).stdout);
    },
    async () => parseRpm((await answered(sources, ['rpm', '-qa', '--qf', '%{NAME} %{VERSION}\\n'])).stdout),
  );
}

const upstream = (version: string) => version.replace(/^\d+:/, '').replace(/[-+~].*$/, '');

/** `ii  firefox-esr 128.5.0esr-1~deb12u1`; `rc` and the like are removed ones. Throws SourceError for an empty list and for other text. */
export function parseDpkg(stdout: string): InstalledPackage[] {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new SourceError('missing', 'dpkg-query named no package');
  return lines.flatMap((line): InstalledPackage[] => {
    const match = /^([a-z][a-zA-Z])[ A-Z]? +(\S+)(?: (\S*))?\s*$/.exec(line);
    if (match?.[2] === undefined) throw unparseable('dpkg-query');
    return match[1] === 'ii' ? [{ name: match[2], version: upstream(match[3] ?? '') }] : [];
  });
}

/** `firefox 145.0`. Throws SourceError for an empty list and for other text. */
export function parseRpm(stdout: string): InstalledPackage[] {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new SourceError('missing', 'rpm named no package');
  return lines.map((line) => {
    const match = /^([\w.+-]+) (\S+)\s*$/.exec(line);
    if (match?.[1] === undefined) throw unparseable('rpm');
    return { name: match[1], version: upstream(match[2] ?? '') };
  });
}
