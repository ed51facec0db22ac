import { expect, test } from 'vitest';
import { changedLines, diffParts, lineDiff } from './line-diff.ts';

const marks = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

test('a changed line is the old one followed by the new', () => {
  expect(marks('a\nb\nc\n', 'a\nB\nc\n')).toEqual([' a', '-b', '+B', ' c']);
  expect(changedLines(lineDiff('a\nb\nc\n', 'a\nB\nc\n'))).toBe(1);
  expect(lineDiff('a\nb\n', 'x\na\nb\n').map(({ before, after }) => [before, after])).toEqual([
    [null, 1],
    [1, 2],
    [2, 3],
  ]);
});

test('what moved out of the middle is found again', () => {
  expect(marks('a\nb\nc\nd\ne', 'a\nc\nd\nx\ne')).toEqual([' a', '-b', ' c', ' d', '+x', ' e']);
  expect(marks('', 'a\n')).toEqual(['+a']);
  expect(marks('a\n', '')).toEqual(['-a']);
  expect(marks('a\na\n', 'a\na\n')).toEqual([' a', ' a']);
});

test('both texts can be made again from it, whatever they are', () => {
  let seed = 7;
  const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  const text = () =>
    Array.from({ length: Math.floor(random() * 12) }, () => 'abc'[Math.floor(random() * 3)]).join('\n');
  for (let n = 0; n < 300; n++) {
    const [before, after] = [text(), text()];
    const lines = lineDiff(before, after);
    const rest = (without: string) =>
      lines.flatMap(({ kind, text: line }) => (kind === without ? [] : [line])).join('\n');
    expect([rest('added'), rest('removed')]).toEqual([before, after]);
  }
});

test('long stretches that are the same become gaps', () => {
  const before = Array.from({ length: 30 }, (_, i) => String(i)).join('\n');
  const parts = diffParts(lineDiff(before, before.replace('\n15\n', '\nfifteen\n')), 2);
  expect(parts.map((part) => (part.kind === 'gap' ? part.count : part.lines.length))).toEqual([13, 6, 12]);
});
