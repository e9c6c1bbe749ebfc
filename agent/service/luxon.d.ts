/** The two settings of luxon that are used here; the package has no types of its own. */
declare module 'luxon' {
  export const Settings: { defaultLocale: string; defaultZone: string };
}
