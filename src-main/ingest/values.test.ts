import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, UnfitValue } from './normalise.ts';
import { parseBody } from './parse-json.ts';
import { TokenBuckets } from '../domain/token-buckets.ts';
import { isNestedDeeper, valueSpans } from './value-spans.ts';

const digestOf = (text: string): string => {
  const { value, mark } = parseBody(text);
  return normalise(value, mark, 32).digest.toString('hex');
};

/** JSON values with the names that a careless program trips over. */
const json = fc.jsonValue({ maxDepth: 4 });
const name = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'value', 'metric', 'measurements', 'a"\\b'),
);

/** A text of a value with white space and escapes as other writers put them. */
function rewrite(value: unknown, gap: string): string {
  if (Array.isArray(value)) return `[${gap}${value.map((item) => rewrite(item, gap)).join(`${gap},${gap}`)}${gap}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).reverse();
    return `{${gap}${members.map(([k, v]) => `${escaped(k)}${gap}:${gap}${rewrite(v, gap)}`).join(`${gap},${gap}`)}${gap}}`;
  }
  return typeof value === 'string' ? escaped(value) : JSON.stringify(value);
}
const escaped = (text: string): string =>
  `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;

describe('parseBody', () => {
  it('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        expect(parseBody(text)).toEqual({ text, value: JSON.parse(text) as unknown, mark: null });
      }),
    );
  });

  it('reads what Python writes for floats that are no numbers, and notes where they were', () => {
    const text = '{"a": [NaN, 1.5, -Infinity], "b": {"c": Infinity}, "NaN": "NaN \\" Infinity", "d": -1}';
    const { value, mark } = parseBody(text);
    const fit = normalise(value, mark, 32);
    expect(fit.value).toEqual({ a: [null, 1.5, null], b: { c: null }, NaN: 'NaN " Infinity', d: -1 });
    expect(fit.nonFinite).toEqual({ 'a.0': 'NaN', 'a.2': '-Infinity', 'b.c': 'Infinity' });
  });

  it('notes numbers beyond the range of a double, and at most a hundred places', () => {
    expect(normalise(parseBody('[1e999, -1e999, 1]').value, null, 32)).toMatchObject({
      value: [null, null, 1],
      nonFinite: { '0': 'Infinity', '1': '-Infinity' },
    });
    const { value, mark } = parseBody(`[${Array(250).fill('NaN').join()}]`);
    const { nonFinite } = normalise(value, mark, 32);
    expect(Object.keys(nonFinite ?? {})).toHaveLength(101);
    expect(nonFinite?.['']).toBe('and 150 more');
  });

  it('still refuses what is no JSON', () => {
    for (const text of [
      '',
      '{',
      'NaN1',
      '{NaN:1',
      '[NaN NaN]',
      "{'a': NaN}",
      '[nan]',
      '[+Infinity]',
      '[Infinity',
      'NaN"',
    ]) {
      expect(() => parseBody(text), text).toThrow(SyntaxError);
    }
    for (const text of ['{"a":{NaN: 1}}', '{-Infinity\n: 1, "measurements": []}', '{Infinity:NaN}']) {
      expect(() => parseBody(text), text).toThrow('is no name');
    }
    expect(parseBody('[NaN,{"a":NaN , "b":1}]').mark).not.toBeNull();
  });
});

describe('normalise', () => {
  it('leaves finite JSON as it is and gives equal values equal digests, however they are written', () => {
    fc.assert(
      fc.property(json, fc.constantFrom('', ' ', '\n\t '), (value, gap) => {
        const text = JSON.stringify(value);
        const fit = normalise(JSON.parse(text), null, 32);
        expect(fit.value).toEqual(JSON.parse(text));
        expect(fit.nonFinite).toBeNull();
        expect(digestOf(rewrite(JSON.parse(text), gap))).toBe(fit.digest.toString('hex'));
      }),
    );
  });

  it('gives different values different digests', () => {
    const canonical = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(canonical);
      if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
      return {
        members: Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([k, v]) => [k, canonical(v)]),
      };
    };
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
        expect(digestOf(JSON.stringify(a)) === digestOf(JSON.stringify(b))).toBe(same);
      }),
    );
    const different = [
      '[]',
      '{}',
      '[[]]',
      '[[],[]]',
      '["a","b"]',
      '["ab"]',
      '{"a":"b"}',
      '0',
      '"0"',
      'null',
      'NaN',
      '-Infinity',
      'false',
      '""',
      '[0,1]',
      '[1,0]',
    ];
    expect(new Set(different.map(digestOf)).size).toBe(different.length);
    const long = 'x'.repeat(5000);
    expect(digestOf(JSON.stringify([long, 'a']))).not.toBe(digestOf(JSON.stringify([`${long}a`, ''])));
    expect(digestOf('[-0.0, 1e2]')).toBe(digestOf('[0, 100]'));
  });

  it('is not fooled by names that mean something to JavaScript', () => {
    const text = '{"__proto__": {"polluted": NaN}, "constructor": [1e999], "hasOwnProperty": 1}';
    const { value, mark } = parseBody(text);
    const fit = normalise(value, mark, 32);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify(fit.value)).toBe('{"__proto__":{"polluted":null},"constructor":[null],"hasOwnProperty":1}');
    expect(fit.nonFinite).toEqual({ '__proto__.polluted': 'NaN', 'constructor.0': 'Infinity' });
  });

  it('refuses what is nested too deep, however deep', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => normalise(JSON.parse(nested(32)), null, 32)).not.toThrow();
    expect(() => normalise(JSON.parse(nested(33)), null, 32)).toThrow('nested deeper than 32 levels');
    expect(() => normalise(parseBody(nested(500_000)).value, null, 32)).toThrow(UnfitValue);
  });
});

describe('valueSpans', () => {
  it('finds the text of every value in any post', () => {
    const measurement = fc.record({ metric: name, value: json }, { requiredKeys: ['metric', 'value'] });
    const post = fc
      .tuple(fc.dictionary(name, json), fc.array(measurement, { maxLength: 5 }), fc.constantFrom('', ' ', '\r\n  '))
      .map(([rest, measurements, gap]) => ({ body: { ...rest, measurements }, gap }));
    fc.assert(
      fc.property(post, fc.boolean(), ({ body, gap }, rewritten) => {
        const text = rewritten ? rewrite(body, gap) : JSON.stringify(body, null, gap.length);
        const parsed = JSON.parse(text) as { measurements: { value: unknown }[] };
        const spans = valueSpans(text);
        expect(spans.map((span) => JSON.parse(text.slice(...span)) as unknown)).toEqual(
          parsed.measurements.map(({ value }) => value),
        );
      }),
    );
  });

  it('comes to an end in what is no JSON', () => {
    for (const text of [
      '{NaN:1,"a":2}',
      '{"a',
      '{"measurements":[{"value":"',
      '{"measurements":[[',
      '{"a":1',
      '{"a\\',
    ]) {
      expect(() => valueSpans(text), text).toThrow(SyntaxError);
    }
  });

  it('takes the last of members that come twice', () => {
    const text = '{"measurements":[{"value":1,"valu\\u0065":[2],"metric":"a"}],"measurements":[{"value": -3.5e+1 }]}';
    expect(valueSpans(text).map((span) => text.slice(...span))).toEqual(['-3.5e+1']);
    const other = '{"measurements":0,"measurements":[0,[1],"]"],"measurements":{"a":[]},"measurements":[{"value":7}]}';
    expect(valueSpans(other).map((span) => other.slice(...span))).toEqual(['7']);
    const one = '{"measurements":[{"value":1,"valu\\u0065":[2],"metric":"a"},{"metric":"}","value":"]\\""}]}';
    expect(valueSpans(one).map((span) => one.slice(...span))).toEqual(['[2]', '"]\\""']);
  });
});

describe('isNestedDeeper', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

  it('says how deep any JSON is', () => {
    fc.assert(
      fc.property(json, fc.constantFrom('', ' '), (value, gap) => {
        const text = rewrite(value, gap);
        const depth = depthOf(JSON.parse(text));
        expect([depth - 1, depth].map((max) => isNestedDeeper(text, max))).toEqual([true, false]);
      }),
    );
  });

  it('counts no brackets in strings, and comes to an end in what is no JSON', () => {
    expect(isNestedDeeper('{"[[[":["\\"[[[{","]\\\\"]}', 2)).toBe(false);
    expect(isNestedDeeper(`["${'['.repeat(100)}`, 2)).toBe(false);
    expect(isNestedDeeper(']]]][[', 1)).toBe(false);
    expect(isNestedDeeper(`{"a":${'[1,'.repeat(500_000)}`, 40)).toBe(true);
  });
});

describe('TokenBuckets', () => {
  it('give what was saved up, then so many a second, to each client by itself', () => {
    const buckets = new TokenBuckets({ perSecond: 2, burst: 3 });
    expect([0, 0, 0].map((at) => buckets.take('a', at))).toEqual([0, 0, 0]);
    expect(buckets.take('a', 0)).toBe(1);
    expect(buckets.take('b', 0)).toBe(0);
    expect(buckets.take('a', 400)).toBe(1);
    expect(buckets.take('a', 900)).toBe(0);
    expect(buckets.take('a', 900)).toBe(1);
    expect([1e6, 1e6, 1e6, 1e6].map((at) => buckets.take('a', at))).toEqual([0, 0, 0, 1]);
  });

  it('forget the client that was not heard of for longest, and never more than they must', () => {
    const buckets = new TokenBuckets({ perSecond: 0.001, burst: 1 });
    for (let i = 0; i < 1000; i += 1) buckets.take(`client ${i}`, 0);
    expect(buckets.take('client 1', 0)).toBeGreaterThan(0);
    expect(buckets.take('one more', 0)).toBe(0);
    expect(buckets.take('client 1', 0)).toBeGreaterThan(0);
    expect(buckets.take('client 0', 0)).toBe(0);
  });
});
