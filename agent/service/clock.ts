import { Settings } from 'luxon';
import { type Job, scheduleJob } from 'node-schedule';

// node-schedule counts with luxon, which would look up the system's locale and time zone and so load 10 MB of tables that
// a clock which only counts seconds never needs.
Settings.defaultLocale = 'en-US';
Settings.defaultZone = 'utc';

/** Calls `look` once a minute at this second, or every second when `second` is undefined. */
export function startClock(second: number | undefined, look: () => void): Job {
  return scheduleJob(second === undefined ? '* * * * * *' : `${second} * * * * *`, look);
}
