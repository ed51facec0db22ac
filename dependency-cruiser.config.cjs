/**
 * The direction rules: who may know whom. scripts/directions.mjs runs them, and scripts/directions.test.ts
 * plants a violation of each to prove that it bites.
 */
const shared = '^src-shared/';
const test = '\\.test\\.tsx?$';
/** The stage on which screens are shown without the engine, for looking at them. */
const stage = '^src-renderer/testing/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that need each other are one module in two files.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'shared-imports-only-typebox',
      comment: 'The contract and the pure core run everywhere: no Node, no DOM library, none of our other folders.',
      severity: 'error',
      from: { path: shared, pathNot: test },
      to: { pathNot: [shared, '(^|/)node_modules/typebox/'] },
    },
    {
      name: 'renderer-imports-only-shared',
      comment: 'The interface knows the engine by the contract alone.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-(main|pipeline)/' },
    },
    {
      name: 'renderer-without-node',
      comment: 'The interface runs in a sandboxed page: there is no Node in it.',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: [test, stage] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-without-its-test-stage',
      comment: 'What stands in for the engine when screens are looked at is never part of the product.',
      severity: 'error',
      from: { path: '^src-', pathNot: [test, stage] },
      to: { path: stage },
    },
    {
      name: 'pipeline-imports-only-shared',
      comment: 'The pipeline is an independent program.',
      severity: 'error',
      from: { path: '^src-pipeline/' },
      to: { path: '^src-(main|renderer)/' },
    },
    {
      name: 'main-without-renderer-and-pipeline',
      comment: 'The engine starts the pipeline as a program and talks to the interface by the contract.',
      severity: 'error',
      from: { path: '^src-main/' },
      to: { path: '^src-(renderer|pipeline)/' },
    },
    {
      name: 'domain-imports-only-shared',
      comment: 'Pure decisions: values in, values out. Paths are values too.',
      severity: 'error',
      from: { path: '^src-main/domain/', pathNot: test },
      to: { pathNot: [shared, '^src-main/domain/', '(^|/)node_modules/typebox/', '^path$'] },
    },
    {
      name: 'services-never-each-other',
      comment: 'Services meet through the ports in src-main/domain/ports.',
      severity: 'error',
      from: { path: '^src-main/([^/]+)/', pathNot: '^src-main/domain/' },
      to: { path: '^src-main/[^/]+/', pathNot: ['^src-main/$1/', '^src-main/domain/'] },
    },
    {
      name: 'composition-is-the-root',
      comment: 'Only the entries and the composition root know every service; nobody below knows them.',
      severity: 'error',
      from: { path: ['^src-main/[^/]+/', shared, '^src-renderer/', '^src-pipeline/'] },
      to: { path: '^src-main/[^/]+\\.ts$' },
    },
    {
      name: 'electron-only-in-the-shell',
      comment: 'Everything else runs, and is tested, in plain Node.',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/electron/', '^src-main/(main|preload)\\.ts$'] },
      to: { path: ['(^|/)node_modules/electron/', '^electron$', '^src-main/electron/'] },
    },
    {
      name: 'product-without-tests',
      comment: 'Product code never needs its tests, its benchmarks or its scripts.',
      severity: 'error',
      from: { path: '^src-', pathNot: [test, stage] },
      to: { path: [test, '^(e2e|bench|scripts)/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
