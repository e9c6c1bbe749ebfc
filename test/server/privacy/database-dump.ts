import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sealWith } from '../../../server/storage/people/seal.ts';

/** Everything both databases say, with every seal opened that the key opens; and the bytes of their files. */
export function dump(folder: string): { readonly said: string; readonly bytes: string } {
  const key = Buffer.from(readFileSync(join(folder, 'people.key'), 'utf8').trim(), 'base64url');
  const seal = sealWith(key);
  const places: Readonly<Record<string, (row: Record<string, unknown>) => string>> = {
    people: ({ id }) => `person/${id}`,
    reveals: ({ id }) => `reveal/${id}`,
    register_personal: ({ record: of, version }) => `register/${of}/${version}`,
    attestation_contacts: ({ person: of }) => `attestation/${of}`,
  };
  let said = '';
  for (const name of ['collector.db', 'people.db']) {
    const database = new DatabaseSync(join(folder, name), { readOnly: true });
    const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
    for (const { name: table } of tables) {
      for (const row of database.prepare(`select * from "${table}"`).all()) {
        const { sealed, ...plain } = row as Record<string, unknown> & { sealed?: Uint8Array };
        said += `${table} ${JSON.stringify(plain)}\n`;
        if (sealed === undefined) continue;
        said += `${JSON.stringify(seal.open(places[String(table)]?.(plain) ?? '', sealed))}\n`;
      }
    }
    database.close();
  }
  const files = readdirSync(folder).filter((file) => /\.db/.test(file));
  return { said, bytes: files.map((file) => readFileSync(join(folder, file), 'latin1')).join('') };
}
