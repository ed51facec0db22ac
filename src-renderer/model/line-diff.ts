/** A line of two texts laid beside each other; numbers from 1, null where the line is not in that text. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  before: number | null;
  after: number | null;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** Lengths of the longest common part of the rests of both, row by row. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    const row = rows[i];
    const below = rows[i + 1];
    if (!row || !below) continue;
    for (let j = after.length - 1; j >= 0; j--)
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return rows;
}

/** The lines of both texts in order, with as many as possible taken as the same; what is removed comes before what is added. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const fresh = linesOf(after);
  const same = (n: number, m: number): DiffLine => ({ kind: 'same', text: old[n] ?? '', before: n + 1, after: m + 1 });
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const left = old.slice(head, old.length - tail);
  const right = fresh.slice(head, fresh.length - tail);
  const lengths = commonLengths(left, right);
  const lines: DiffLine[] = Array.from({ length: head }, (_, i) => same(i, i));
  const removed: DiffLine[] = [];
  const added: DiffLine[] = [];
  const flush = (): void => {
    lines.push(...removed.splice(0), ...added.splice(0));
  };
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      flush();
      lines.push(same(head + i++, head + j++));
    } else if (j >= right.length || (i < left.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      removed.push({ kind: 'removed', text: left[i] ?? '', before: head + i + 1, after: null });
      i++;
    } else {
      added.push({ kind: 'added', text: right[j] ?? '', before: null, after: head + j + 1 });
      j++;
    }
  }
  flush();
  for (let k = tail; k > 0; k--) lines.push(same(old.length - k, fresh.length - k));
  return lines;
}

/** How many lines differ: a changed line counts once. */
export function changedLines(lines: readonly DiffLine[]): number {
  const count = (kind: DiffLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  return Math.max(count('added'), count('removed'));
}

export type DiffPart = { kind: 'lines'; lines: DiffLine[] } | { kind: 'gap'; count: number; at: number };

/** Changed lines with some around them; longer stretches that are the same become gaps. */
export function diffParts(lines: readonly DiffLine[], context: number): DiffPart[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some(({ kind }) => kind !== 'same'),
  );
  const parts: DiffPart[] = [];
  lines.forEach((line, i) => {
    const last = parts.at(-1);
    if (near[i]) {
      if (last?.kind === 'lines') last.lines.push(line);
      else parts.push({ kind: 'lines', lines: [line] });
    } else if (last?.kind === 'gap') last.count++;
    else parts.push({ kind: 'gap', count: 1, at: i });
  });
  return parts;
}
