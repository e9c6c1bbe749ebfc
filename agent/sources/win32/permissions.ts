import { lstatSync, renameSync } from 'node:fs';
import { expectSuccess, expectTrue, lastError, type Native, pointerIn, room } from './native.ts';
import { decodeSid } from './sid.ts';
import { readToken, withOwnToken } from './token.ts';

/** The system and administrators may do everything, nobody else anything; the same for whatever is made in the folder. */
const folderRights = 'O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
/** The same for a file, which the people of this computer may read. */
const openFileRights = 'D:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;BU)';

const trusted = ['S-1-5-18', 'S-1-5-32-544'];
const fileObject = 1;
/** OWNER_SECURITY_INFORMATION, and DACL_ together with PROTECTED_DACL_SECURITY_INFORMATION. */
const information = { owner: 1, ownRights: 0x80000004 };
const alreadyExists = 183;

/** Runs `use` with a security descriptor's address. */
function withDescriptor<T>(native: Native, rights: string, use: (descriptor: bigint) => T): T {
  const descriptor = room();
  expectTrue(
    native,
    native.call(
      'advapi32',
      'int ConvertStringSecurityDescriptorToSecurityDescriptorW(str16 text, uint32 revision, void *descriptor, void *size)',
      rights,
      1,
      descriptor,
      null,
    ),
  );
  try {
    return use(pointerIn(descriptor));
  } finally {
    native.call('kernel32', 'uintptr_t LocalFree(uintptr_t memory)', pointerIn(descriptor));
  }
}

/** Replaces the rights of a file or folder, inherited ones too; what is below takes over what it inherits. */
function setRights(native: Native, path: string, rights: string): void {
  withDescriptor(native, rights, (descriptor) => {
    const list = room();
    expectTrue(
      native,
      native.call(
        'advapi32',
        'int GetSecurityDescriptorDacl(uintptr_t descriptor, void *present, void *list, void *byDefault)',
        descriptor,
        room(),
        list,
        room(),
      ),
    );
    expectSuccess(
      native.call(
        'advapi32',
        'uint32 SetNamedSecurityInfoW(str16 path, int type, uint32 information, void *owner, void *group, uintptr_t list, void *audited)',
        ...[path, fileObject, information.ownRights, null, null, pointerIn(list), null],
      ),
    );
  });
}

/** Whom a file or folder belongs to, as `S-1-5-18`. */
function ownerOf(native: Native, path: string): string {
  const owner = room();
  const descriptor = room();
  expectSuccess(
    native.call(
      'advapi32',
      'uint32 GetNamedSecurityInfoW(str16 path, int type, uint32 information, void *owner, void *group, void *list, void *audited, void *descriptor)',
      ...[path, fileObject, information.owner, owner, null, null, null, descriptor],
    ),
  );
  try {
    const at = pointerIn(owner);
    return decodeSid(native.read(at, 8 + 4 * native.read(at, 2).readUInt8(1)));
  } finally {
    native.call('kernel32', 'uintptr_t LocalFree(uintptr_t memory)', pointerIn(descriptor));
  }
}

function createFolder(native: Native, path: string): boolean {
  return withDescriptor(native, folderRights, (descriptor) => {
    // SECURITY_ATTRIBUTES: the folder is never there with other rights, not for a moment.
    const attributes = Buffer.alloc(24);
    attributes.writeUInt32LE(attributes.length, 0);
    attributes.writeBigUInt64LE(descriptor, 8);
    const made = native.call(
      'kernel32',
      'int CreateDirectoryW(str16 path, void *attributes)',
      path,
      attributes,
    );
    if (made !== 0) return true;
    if (native.lastError() !== alreadyExists) throw lastError(native);
    return false;
  });
}

/**
 * Makes a folder that only the system and administrators can look into, or takes everybody else's rights to one of theirs away. One
 * that somebody else put there, where everybody may make folders, is moved aside first: what is in it is not to be believed. Answers
 * where that one is now.
 */
export function ownFolder(native: Native, path: string, now: Date): string | undefined {
  if (createFolder(native, path)) return undefined;
  const own = withOwnToken(native, (token) => readToken(native, token).sid);
  // Neither a file nor a link that leads elsewhere.
  if (lstatSync(path).isDirectory() && [...trusted, own].includes(ownerOf(native, path))) {
    setRights(native, path, folderRights);
    return undefined;
  }
  const aside = `${path}.foreign-${now.toISOString().replaceAll(':', '').slice(0, 17)}`;
  renameSync(path, aside);
  if (!createFolder(native, path)) throw new Error('somebody keeps making the folder of the state');
  return aside;
}

/** Lets the people of this computer read one file of such a folder. */
export function openFileToUsers(native: Native, path: string): void {
  setRights(native, path, openFileRights);
}
