import { expectSuccess, type Native, nativeError, pointerIn, room } from './native.ts';

const connected = 1;
/** ERROR_INVALID_DATA: a profile that is not what its schema says. */
const invalidData = 13;

interface WlanInterface {
  readonly guid: Buffer;
  readonly state: number;
}

/** WLAN_INTERFACE_INFO: GUID, description of 256 characters, state; 532 bytes. The description is not looked at. */
export function decodeWlanInterfaces(bytes: Buffer, count: number): WlanInterface[] {
  return Array.from({ length: count }, (_, index) => ({
    guid: Buffer.from(bytes.subarray(532 * index, 532 * index + 16)),
    state: bytes.readUInt32LE(532 * index + 528),
  }));
}

/** The last two numbers of WLAN_CONNECTION_ATTRIBUTES: authentication and cipher. Profile, SSID and BSSID are not looked at. */
export function decodeConnection(bytes: Buffer): { auth: number; cipher: number } {
  return { auth: bytes.readUInt32LE(596), cipher: bytes.readUInt32LE(600) };
}

/**
 * `<authentication>` and `<encryption>` of a profile's XML, once per `<authEncryption>`. Throws when there is none: a profile
 * that says nothing about its protection is no proof of any.
 */
export function parseProfile(xml: string): { authentication: string; encryption: string }[] {
  const blocks = [...xml.matchAll(/<authEncryption>(.*?)<\/authEncryption>/gs)];
  if (blocks.length === 0) throw nativeError(invalidData);
  return blocks.map(([, block = '']) => {
    const authentication = /<authentication>\s*([A-Za-z0-9]{1,20})\s*<\/authentication>/.exec(block)?.[1];
    const encryption = /<encryption>\s*([A-Za-z0-9]{1,20})\s*<\/encryption>/.exec(block)?.[1];
    if (authentication === undefined || encryption === undefined) throw nativeError(invalidData);
    return { authentication, encryption };
  });
}

/** Runs `use` with a client handle of the wireless service; `0x426` = the service is stopped. */
async function withWlan<T>(native: Native, use: (client: bigint) => Promise<T>): Promise<T> {
  const client = room();
  expectSuccess(
    await native.callService(
      'wlanapi',
      'uint32 WlanOpenHandle(uint32 version, void *reserved, void *negotiated, void *client)',
      2,
      null,
      room(),
      client,
    ),
  );
  try {
    return await use(pointerIn(client));
  } finally {
    native.call(
      'wlanapi',
      'uint32 WlanCloseHandle(uintptr_t client, void *reserved)',
      pointerIn(client),
      null,
    );
  }
}

function free(native: Native, address: bigint): void {
  native.call('wlanapi', 'void WlanFreeMemory(uintptr_t memory)', address);
}

async function listInterfaces(native: Native, client: bigint): Promise<WlanInterface[]> {
  const list = room();
  expectSuccess(
    await native.callService(
      'wlanapi',
      'uint32 WlanEnumInterfaces(uintptr_t client, void *reserved, void *list)',
      client,
      null,
      list,
    ),
  );
  const address = pointerIn(list);
  try {
    const count = native.read(address, 4).readUInt32LE(0);
    return count === 0 ? [] : decodeWlanInterfaces(native.read(address + 8n, 532 * count), count);
  } finally {
    free(native, address);
  }
}

/** W15: wireless adapters by state; 1 = connected. */
export function wlanInterfaces(native: Native) {
  return withWlan(native, async (client) => ({
    interfaces: (await listInterfaces(native, client)).map(({ state }) => ({ state })),
  }));
}

/** W16: how each connected adapter's network is protected; `0x5` = Windows' location consent is missing. */
export function wlanConnections(native: Native) {
  return withWlan(native, async (client) => {
    const connections: { auth: number; cipher: number }[] = [];
    for (const { guid, state } of await listInterfaces(native, client)) {
      if (state !== connected) continue;
      const size = room();
      const data = room();
      expectSuccess(
        await native.callService(
          'wlanapi',
          'uint32 WlanQueryInterface(uintptr_t client, void *interface, int code, void *reserved, void *size, void *data, void *type)',
          client,
          guid,
          // wlan_intf_opcode_current_connection
          7,
          null,
          size,
          data,
          null,
        ),
      );
      const address = pointerIn(data);
      try {
        if (size.readUInt32LE(0) < 604) throw nativeError(invalidData);
        connections.push(decodeConnection(native.read(address, 604)));
      } finally {
        free(native, address);
      }
    }
    return { connections };
  });
}

async function profileNames(native: Native, client: bigint, guid: Buffer): Promise<string[]> {
  const list = room();
  expectSuccess(
    await native.callService(
      'wlanapi',
      'uint32 WlanGetProfileList(uintptr_t client, void *interface, void *reserved, void *list)',
      client,
      guid,
      null,
      list,
    ),
  );
  const address = pointerIn(list);
  try {
    const count = native.read(address, 4).readUInt32LE(0);
    // WLAN_PROFILE_INFO: a name of 256 characters, then flags.
    return Array.from({ length: count }, (_, index) => native.readText(address + 8n + BigInt(516 * index)));
  } finally {
    free(native, address);
  }
}

/** W17: how the saved networks are protected. Their names and keys are not kept, the keys not even asked for. */
export function wlanProfiles(native: Native) {
  return withWlan(native, async (client) => {
    const profiles: { authentication: string; encryption: string }[] = [];
    for (const { guid } of await listInterfaces(native, client)) {
      for (const name of await profileNames(native, client, guid)) {
        const xml = room();
        expectSuccess(
          await native.callService(
            'wlanapi',
            'uint32 WlanGetProfile(uintptr_t client, void *interface, str16 name, void *reserved, void *xml, void *flags, void *access)',
            client,
            guid,
            name,
            null,
            xml,
            room(),
            room(),
          ),
        );
        try {
          profiles.push(...parseProfile(native.readText(pointerIn(xml))));
        } finally {
          free(native, pointerIn(xml));
        }
      }
    }
    return { profiles };
  });
}
