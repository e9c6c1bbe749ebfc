import { absentAsUndefined, type RegistryKey, type Sources, unparseable } from '../../probe.ts';
import { never } from './values.ts';

/** A key of the registry. A key that is not there has no values and no subkeys: nothing is set in it. */
export class Settings {
  readonly key: RegistryKey | undefined;
  private readonly what: string;

  constructor(key: RegistryKey | undefined, what: string) {
    this.key = key;
    this.what = what;
  }

  get exists(): boolean {
    return this.key !== undefined;
  }

  get subkeys(): readonly string[] {
    return this.key?.subkeys ?? [];
  }

  /** The value is there, whatever it holds. */
  has(name: string): boolean {
    return this.key?.value(name) !== undefined;
  }

  /** A REG_DWORD from `min` to `max`; undefined = not set. Windows ignores other types, so they say nothing here either. */
  dword(name: string, max = never, min = 0): number | undefined {
    const value = this.key?.value(name);
    if (value === undefined) return undefined;
    const { type, data } = value;
    if (
      type !== 'REG_DWORD' ||
      typeof data !== 'number' ||
      !Number.isInteger(data) ||
      data < min ||
      data > max
    ) {
      throw unparseable(`${this.what}, ${name}`);
    }
    return data;
  }

  /** A REG_SZ or REG_EXPAND_SZ, trimmed; undefined = not set. */
  string(name: string): string | undefined {
    const value = this.key?.value(name);
    if (value === undefined) return undefined;
    const { type, data } = value;
    if ((type !== 'REG_SZ' && type !== 'REG_EXPAND_SZ') || typeof data !== 'string') {
      throw unparseable(`${this.what}, ${name}`);
    }
    return data.trim();
  }

  /** A REG_SZ of digits from 0 to `max`, as the control panel writes its numbers; undefined = not set. */
  digits(name: string, max = never): number | undefined {
    const written = this.string(name);
    if (written === undefined) return undefined;
    if (!/^\d{1,10}$/.test(written) || Number(written) > max) throw unparseable(`${this.what}, ${name}`);
    return Number(written);
  }

  /** A REG_QWORD as decimal text; undefined = not set. */
  qword(name: string): string | undefined {
    const value = this.key?.value(name);
    if (value === undefined) return undefined;
    const { type, data } = value;
    if (type !== 'REG_QWORD' || typeof data !== 'string' || !/^\d{1,20}$/.test(data)) {
      throw unparseable(`${this.what}, ${name}`);
    }
    return data;
  }
}

/** The settings in a key. SourceError when the key is there and cannot be read. */
export async function readSettings(sources: Sources, key: string): Promise<Settings> {
  const what = key.slice(key.lastIndexOf('\\') + 1);
  return new Settings(await absentAsUndefined(sources.registry(key)), what);
}

/** The start type of a service or driver (4 = disabled); undefined = not installed. */
export async function readServiceStart(sources: Sources, name: string): Promise<number | undefined> {
  const settings = await readSettings(sources, `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${name}`);
  return settings.dword('Start', 4);
}
