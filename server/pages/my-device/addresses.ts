/** The page about one's own laptop, and what is asked there. */
export const myDeviceAddresses = {
  page: '/my-device',
  /** What a one-time link looks like, after the collector's own address. */
  open: (code?: string) => `/my-device/open${code === undefined ? '' : `?code=${encodeURIComponent(code)}`}`,
  /** The form, filled in about one setting. */
  ask: (kind: string, about: string) => `/my-device?kind=${kind}&about=${encodeURIComponent(about)}#ask`,
  requests: '/my-device/requests',
  close: '/my-device/close',
} as const;
