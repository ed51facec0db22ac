import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from './bootstrap.mjs';
import { checkDirections } from './directions.mjs';

/** A file for every rule that breaks it, and what it may not import. */
const planted = [
  ['no-cycles', 'src-main/split/planted-a.ts', "import './planted-b.ts';"],
  ['nothing-unresolved', 'src-main/split/planted-unresolved.ts', "import './nowhere.ts';"],
  ['shared-imports-only-typebox', 'src-shared/planted-node.ts', "import 'node:fs';"],
  ['shared-imports-only-typebox', 'src-shared/planted-library.ts', "import 'fastify';"],
  ['shared-imports-only-typebox', 'src-shared/planted-main.ts', "import '../src-main/domain/planted.ts';"],
  ['renderer-imports-only-shared', 'src-renderer/planted-main.ts', "import '../src-main/domain/planted.ts';"],
  ['renderer-imports-only-shared', 'src-renderer/planted-pipeline.ts', "import '../src-pipeline/planted.ts';"],
  ['renderer-without-node', 'src-renderer/planted-node.ts', "import 'node:path';"],
  ['renderer-without-its-test-stage', 'src-renderer/planted-stage.ts', "import './testing/planted.ts';"],
  ['pipeline-imports-only-shared', 'src-pipeline/planted-main.ts', "import '../src-main/domain/planted.ts';"],
  ['main-without-renderer-and-pipeline', 'src-main/planted-renderer.ts', "import '../src-renderer/planted.ts';"],
  ['domain-imports-only-shared', 'src-main/domain/planted-node.ts', "import 'node:fs';"],
  ['domain-imports-only-shared', 'src-main/domain/planted-service.ts', "import '../db/planted.ts';"],
  ['services-never-each-other', 'src-main/ingest/planted-service.ts', "import '../db/planted.ts';"],
  [
    'services-never-each-other',
    'src-main/electron/planted-service.ts',
    "import type { Planted } from '../db/planted.ts'; export type T = Planted;",
  ],
  ['composition-is-the-root', 'src-main/db/planted-root.ts', "import '../planted.ts';"],
  ['electron-only-in-the-shell', 'src-main/db/planted-electron.ts', "import 'electron';"],
  ['electron-only-in-the-shell', 'src-main/planted-shell.ts', "import './electron/planted.ts';"],
  ['product-without-tests', 'src-main/db/planted-test.ts', "import './planted.test.ts';"],
];
/** What they import, itself innocent. */
const targets = [
  'src-main/planted.ts',
  'src-main/domain/planted.ts',
  'src-main/db/planted.ts',
  'src-main/db/planted.test.ts',
  'src-main/electron/planted.ts',
  'src-renderer/planted.ts',
  'src-renderer/testing/planted.ts',
  'src-pipeline/planted.ts',
];

describe('direction rules', () => {
  const copy = mkdtempSync(join(tmpdir(), 'qlf-directions-'));
  let found;

  beforeAll(() => {
    for (const name of ['package.json', 'tsconfig.json', 'dependency-cruiser.config.cjs'])
      cpSync(inRoot(name), join(copy, name));
    const sources = ['src-shared', 'src-main', 'src-renderer', 'src-pipeline'];
    for (const name of [...sources, 'e2e', 'resources', 'scripts', 'vite.config.ts'])
      cpSync(inRoot(name), join(copy, name), { recursive: true });
    symlinkSync(inRoot('node_modules'), join(copy, 'node_modules'));
    const plant = (path, text) => {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), text);
    };
    for (const path of targets) plant(path, 'export interface Planted { planted: true }\n');
    plant('src-main/split/planted-b.ts', "import './planted-a.ts';\n");
    for (const [, path, text] of planted) plant(path, `${text}\n`);
    found = checkDirections(copy);
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(planted)('%s finds what was planted in %s', (rule, path) => {
    expect(found.violations.filter(({ from }) => from === path).map((violation) => violation.rule)).toContain(rule);
  });

  it('finds nothing but what was planted, in a tree that it has really read', () => {
    expect(found.violations.filter(({ from }) => !planted.some(([, path]) => path === from))).toEqual([]);
    expect(found.modules.length).toBeGreaterThan(planted.length + targets.length);
  });

  it('has a planted violation for every rule', async () => {
    const config = await import('../dependency-cruiser.config.cjs');
    const rules = config.default.forbidden.map(({ name }) => name);
    expect(new Set(planted.map(([rule]) => rule))).toEqual(new Set(rules));
  });
});
