import { expect, it } from 'vitest';
import { cameraDesign } from './camera-design.ts';
import { AMPLIFIERS, ccdLayout, formatSection, type Section } from './ccd-layout.ts';

/** The sections of the survey's raw files. */
it('has the real geometry of the b CCDs', () => {
  const { rawColumns, rawRows, sections } = ccdLayout(cameraDesign('b', 'full'));
  expect([rawColumns, rawRows]).toEqual([4232, 4162]);
  expect(Object.values(sections.A).map(formatSection)).toEqual([
    '[1:2048, 1:2048]',
    '[5:2052, 2:2049]',
    '[1:4, 2:2049]',
    '[2053:2116, 2:2049]',
    '[5:2052, 1:1]',
    '[5:2052, 2050:2081]',
  ]);
  expect(formatSection(sections.B.data)).toBe('[2181:4228, 2:2049]');
  expect(formatSection(sections.B.overscan)).toBe('[2117:2180, 2:2049]');
  expect(formatSection(sections.B.prescan)).toBe('[4229:4232, 2:2049]');
  expect(formatSection(sections.C.data)).toBe('[5:2052, 2114:4161]');
  expect(formatSection(sections.C.rowOverscan)).toBe('[5:2052, 2082:2113]');
  expect(formatSection(sections.D.ccd)).toBe('[2049:4096, 2049:4096]');
});

it('has the real geometry of the r and z CCDs', () => {
  const { rawColumns, rawRows, sections } = ccdLayout(cameraDesign('z', 'full'));
  expect([rawColumns, rawRows]).toEqual([4256, 4194]);
  expect(formatSection(sections.A.data)).toBe('[8:2064, 2:2065]');
  expect(formatSection(sections.A.rowOverscan)).toBe('[8:2064, 2066:2097]');
  expect(formatSection(sections.B.overscan)).toBe('[2129:2192, 2:2065]');
  expect(formatSection(sections.C.data)).toBe('[8:2064, 2130:4193]');
  expect(formatSection(sections.C.rowOverscan)).toBe('[8:2064, 2098:2129]');
  expect(formatSection(sections.C.ccd)).toBe('[1:2057, 2065:4128]');
});

it('covers every CCD pixel once, and no raw pixel twice', () => {
  const design = cameraDesign('r', 'compact');
  const { rawColumns, rawRows, sections } = ccdLayout(design);
  const cover = (columns: number, rows: number, parts: Section[]): Map<number, number> => {
    const times = new Uint8Array(columns * rows);
    for (const { x0, x1, y0, y1 } of parts) {
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) times[y * columns + x]! += 1;
    }
    const counts = new Map<number, number>();
    for (const value of times) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const ccd = cover(
    design.columns,
    design.rows,
    AMPLIFIERS.map((name) => sections[name].ccd),
  );
  expect([...ccd.keys()]).toEqual([1]);
  const raw = cover(
    rawColumns,
    rawRows,
    AMPLIFIERS.flatMap((name) => {
      const { data, prescan, overscan, rowPrescan, rowOverscan } = sections[name];
      return [data, prescan, overscan, rowPrescan, rowOverscan];
    }),
  );
  expect(Math.max(...raw.keys())).toBe(1);
});
