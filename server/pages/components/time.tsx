import { ago, moment, span } from '../words.ts';

/** A moment: UTC as sent, the viewer's own zone where the browser can. */
export function Moment({ at }: { at: string }) {
  return (
    <time datetime={at} data-shown="moment">
      {moment(at)}
    </time>
  );
}

/** How long ago; the moment itself is in the title. */
export function Ago({ at, now }: { at: string; now: string }) {
  return (
    <time datetime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** How long until then; the moment itself is in the title. */
export function Until({ at, now }: { at: string; now: string }) {
  const left = span(now, at);
  return (
    <time datetime={at} title={moment(at)}>
      {left === undefined ? 'now' : `in ${left}`}
    </time>
  );
}

/** How long something has been so. */
export function Lasting({ since, now }: { since: string; now: string }) {
  return (
    <time datetime={since} title={moment(since)}>
      {span(since, now) ?? 'less than a minute'}
    </time>
  );
}
