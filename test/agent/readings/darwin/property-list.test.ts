import fc from 'fast-check';
import { buildBinary } from 'plist';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../../agent/probe.ts';
import {
  dictionaryOf,
  numberIn,
  parsePropertyList,
  switchIn,
  textIn,
} from '../../../../agent/readings/darwin/property-list.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const list = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${body}
</plist>
`;
const read = (text: string) => parsePropertyList(bytes(text));
const refused = (text: string) => expect(() => read(text)).toThrow(SourceError);

describe('XML', () => {
  test('text before the list is left out', () => {
    const text = `Getting global account policies\n${list('<dict><key>a</key><true/><key>b</key><string>x &lt; y</string></dict>')}`;
    const value = dictionaryOf(read(text));
    expect(switchIn(value, 'a')).toBe(true);
    expect(textIn(value, 'b')).toBe('x < y');
    expect(numberIn(value, 'c')).toBeUndefined();
  });

  test('a list without its end says nothing, however much of it is there', () => {
    const text = list('<dict><key>a</key><true/></dict>');
    for (let cut = 1; cut < text.trimEnd().length; cut++) refused(text.slice(0, cut));
  });

  test.each([
    ['a tag that is not closed', '<dict><key>a</key><array></dict>'],
    ['an unknown tag', '<dict><key>a</key><script>x</script></dict>'],
    ['half a number', '<dict><key>a</key><integer>12 apples</integer></dict>'],
    ['a key without a name before its value', '<dict><true/></dict>'],
    ['an entity of its own', '<dict><key>a</key><string>&who;</string></dict>'],
    ['a tag with attributes', '<dict a="b"/>'],
    ['no value at all', ''],
  ])('%s', (_, body) => {
    if (body === '') expect(() => dictionaryOf(read(list(body)))).toThrow(SourceError);
    else refused(list(body));
  });

  test('entities cannot be declared', () => {
    refused(
      '<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "b">]><plist version="1.0"><string>&a;</string></plist>',
    );
  });

  test('depth is bounded', () => {
    refused(list(`${'<array>'.repeat(5_000)}${'</array>'.repeat(5_000)}`));
  });

  test('a value of another type is not read as if it were right', () => {
    const value = dictionaryOf(
      read(list('<dict><key>a</key><string>true</string><key>b</key><integer>2</integer></dict>')),
    );
    expect(() => switchIn(value, 'a')).toThrow(SourceError);
    expect(() => switchIn(value, 'b')).toThrow(SourceError);
  });

  test('keys of Object.prototype are not there', () => {
    const value = dictionaryOf(read(list('<dict/>')));
    expect(value['constructor']).toBeUndefined();
    expect(value['toString']).toBeUndefined();
  });
});

describe('binary', () => {
  const example = new Uint8Array(
    buildBinary({
      on: true,
      count: -3,
      real: 2.5,
      texts: ['a', 'ü'],
      at: new Date(0),
      inner: { off: false },
    }),
  );

  test('says the same as XML', () => {
    const value = dictionaryOf(parsePropertyList(example));
    expect(switchIn(value, 'on')).toBe(true);
    expect(numberIn(value, 'count')).toBe(-3);
    expect(value['texts']).toEqual(['a', 'ü']);
    expect(switchIn(dictionaryOf(value['inner']), 'off')).toBe(false);
  });

  test('a list that contains itself is refused', () => {
    // bplist00, one array with one reference, to itself.
    const self = [0xa1, 0x00];
    const trailer = [...Array(6).fill(0), 1, 1, ...word(1), ...word(0), ...word(10)];
    const circle = new Uint8Array([...bytes('bplist00'), ...self, 8, ...trailer]);
    expect(() => parsePropertyList(circle)).toThrow(SourceError);
  });

  test('branches shared many times over are refused before they grow', () => {
    const depth = 35;
    const objects = Array.from({ length: depth }, (_, at) =>
      at === depth - 1 ? [0x08] : [0xa2, at + 1, at + 1],
    );
    const offsets = objects.map((_, at) => 8 + objects.slice(0, at).flat().length);
    const table = 8 + objects.flat().length;
    const trailer = [...Array(6).fill(0), 1, 1, ...word(depth), ...word(0), ...word(table)];
    const bomb = new Uint8Array([...bytes('bplist00'), ...objects.flat(), ...offsets, ...trailer]);
    expect(() => parsePropertyList(bomb)).toThrow(SourceError);
  });

  test('damaged in any way, it is read or refused', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(example.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const damaged = example.slice();
          for (const [at, value] of changes) damaged[at] = value;
          onlySourceErrors(() => parsePropertyList(damaged));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('whatever bytes arrive, only SourceError comes out', () => {
  const body = fc.string({
    unit: fc.constantFrom(...'<>/?! &;ab0-', '<dict>', '</dict>', '<key>', '</key>', '<true/>'),
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (any) => onlySourceErrors(() => parsePropertyList(any))),
  );
  fc.assert(
    fc.property(body, (text) => onlySourceErrors(() => read(list(text)))),
    { numRuns: 1_000 },
  );
});

function word(value: number): number[] {
  return [0, 0, 0, 0, 0, 0, value >> 8, value & 255];
}

function onlySourceErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
  }
}
