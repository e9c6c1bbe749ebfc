import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the laptops know the collector by (the key it signs policies with, and the certificate it made for itself) and what opens what is
 * known about people. Without them a restored collector would be a stranger to every agent and could not read half of what it holds,
 * so they belong to a backup. A certificate that somebody else issued stays where it is.
 */
const names = ['collector-key.pem', 'tls-certificate.pem', 'tls-key.pem', 'people.key'] as const;

export interface KeyFile {
  readonly name: (typeof names)[number];
  readonly content: Buffer;
}

/** There is another key where one is to be put. */
export class OtherKey extends Error {
  override readonly name = 'OtherKey';
}

const read = (path: string): Buffer | undefined => {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Those that are there. */
export const readKeyFiles = (folder: string): readonly KeyFile[] =>
  names.flatMap((name) => {
    const content = read(join(folder, name));
    return content === undefined ? [] : [{ name, content }];
  });

/** Is it a name that a key file may have? What a backup says is not believed. */
export const isKeyFileName = (name: string): name is KeyFile['name'] =>
  (names as readonly string[]).includes(name);

/** Throws OtherKey where a key that is not the same stands in the place of one of these. */
export function refuseOtherKeys(folder: string, files: readonly KeyFile[]): void {
  for (const { name, content } of files) {
    const there = read(join(folder, name));
    if (there !== undefined && !there.equals(content)) {
      throw new OtherKey(`${join(folder, name)} is there already and is another one; nothing was changed`);
    }
  }
}

/** Puts them into the folder, each at once as a whole; one that is there already is the same. Throws OtherKey. */
export function writeKeyFiles(folder: string, files: readonly KeyFile[]): void {
  refuseOtherKeys(folder, files);
  for (const { name, content } of files) {
    const path = join(folder, name);
    if (read(path) !== undefined) continue;
    const part = `${path}.${process.pid}.part`;
    writeFileSync(part, content, { mode: 0o600, flush: true });
    if (name === 'tls-certificate.pem') chmodSync(part, 0o644);
    try {
      linkSync(part, path);
    } finally {
      rmSync(part);
    }
  }
}
