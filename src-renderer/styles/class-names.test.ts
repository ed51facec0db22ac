import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Selectors of a style sheet, each alone; those of its media and container queries too. */
function selectorsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  return [...text.matchAll(/([^{};]+)\{/g)]
    .map(([, selector]) => (selector ?? '').replace(/\([^()]*\)/g, '').trim())
    .filter((selector) => !selector.startsWith('@'))
    .flatMap((selector) => selector.split(','))
    .map((selector) => selector.trim());
}

/** The class that a selector begins with. */
const leadingClass = (selector: string): string | undefined => /^[a-z]*\.([\w-]+)/.exec(selector)?.[1];

/** Class → where rules begin with it. */
function ownersOf(pattern: string): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  for (const file of globSync(pattern, { cwd: ROOT })) {
    const owner = /features\/([^/]+)/.exec(file)?.[1] ?? file;
    for (const name of selectorsOf(file).map(leadingClass))
      if (name !== undefined) owners.set(name, (owners.get(name) ?? new Set()).add(owner));
  }
  return owners;
}

describe('class names', () => {
  it('are of one feature: two screens that style the same name disturb each other', () => {
    const owners = ownersOf('features/**/*.css');
    expect(owners.size).toBeGreaterThan(100);
    const twice = [...owners].filter(([, features]) => features.size > 1);
    expect(twice.map(([name, features]) => `.${name}: ${[...features].join(', ')}`)).toEqual([]);
  });
});
