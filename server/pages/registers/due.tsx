import { Toned } from '../components/status.tsx';
import { moment, span } from '../words.ts';

const inWords = (from: string, to: string) => span(from, to) ?? 'less than a minute';

/** `due in 31 hours`, or `late by 2 days`: an icon, words, and the moment itself in the title. */
export function Due({ at, now, pill }: { at: string; now: string; pill?: boolean }) {
  const late = at < now;
  const soon = Date.parse(at) - Date.parse(now) < 7 * 86_400_000;
  return (
    <Toned tone={late ? 'failing' : soon ? 'attention' : 'none'} pill={pill === true}>
      <time datetime={at} title={moment(at)}>
        {late ? `late by ${inWords(at, now)}` : `due in ${inWords(now, at)}`}
      </time>
    </Toned>
  );
}
