import { expect, it } from 'vitest';
import { Header } from '#shared/fits/header.ts';
import { unitVectors } from '../../test-support/reference.ts';
import { ampIds, parseSection, sectionOf } from '#shared/fits/ccd-sections.ts';

it('reads sections as the original does', () => {
  const vectors = unitVectors<string, { x: [number, number]; y: [number, number] }>('preproc.parse_sec_keyword');
  for (const { in: text, out } of vectors) {
    const { x0, x1, y0, y1 } = parseSection(text);
    expect({ x: [x0, x1], y: [y0, y1] }).toEqual(out);
  }
});

it.each(['[1:2]', '1:2,3:4', '[0:4,1:2]', '[5:4,1:2]', '[a:b,c:d]', ''])('refuses %j', (text) => {
  expect(() => parseSection(text)).toThrow(/section/);
});

it('names the keyword of a section outside the image', () => {
  const header = new Header().set('DATASECA', '[5:2052, 2:2049]');
  expect(sectionOf(header, 'DATASECA', 2052, 2049)).toEqual({ x0: 4, x1: 2052, y0: 1, y1: 2049 });
  expect(() => sectionOf(header, 'DATASECA', 2051, 2049)).toThrow(/DATASECA .* outside/);
});

it('finds four lettered, four numbered or two amplifiers', () => {
  const header = (ids: string): Header =>
    ids.split('').reduce((made, id) => made.set(`BIASSEC${id}`, '[1:2,1:2]'), new Header());
  expect(ampIds(header('DCBA'))).toEqual(['A', 'B', 'C', 'D']);
  expect(ampIds(header('1234'))).toEqual(['1', '2', '3', '4']);
  expect(ampIds(header('BC'))).toEqual(['B', 'C']);
  expect(() => ampIds(new Header())).toThrow(/BIASSEC/);
});
