import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { kebabCaseFiles } from './scripts/lint/kebab-case-files.js';

const typescript = ['**/*.ts', '**/*.tsx'];
const javascript = ['**/*.js', '**/*.mjs', '**/*.cjs'];
const tests = ['**/*.test.ts', '**/*.test.tsx', 'e2e/**/*.ts'];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name what you export: a default export is called differently in every file that imports it.',
};

export default defineConfig(
  { ignores: ['out/', 'release/', 'coverage/', 'node_modules/', 'test-results/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,

  {
    plugins: { qlf: { rules: { 'kebab-case-files': kebabCaseFiles } } },
    rules: {
      'qlf/kebab-case-files': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', noDefaultExport],
      eqeqeq: 'error',
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },

  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      // Ports are asynchronous whether or not an adapter has to wait.
      '@typescript-eslint/require-await': 'off',
    },
  },

  {
    // Arithmetic over typed arrays: an index inside the loop's bounds cannot be undefined, and a check costs time.
    files: [
      'src-shared/fits/**',
      'src-pipeline/**',
      'src-main/dos/test-environment/**',
      'src-main/images/worker/**',
      'src-renderer/charts/**',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },

  {
    files: ['src-renderer/**/*.ts', 'src-renderer/**/*.tsx'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    languageOptions: { globals: globals.browser },
  },

  {
    files: tests,
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      // A test may be sure of what it has just made; a wrong guess fails the test, as it should.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-floating-promises': 'error',
    },
  },

  {
    files: javascript,
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },

  // Programs that speak to people at a terminal.
  { files: ['scripts/**', 'bench/**', 'e2e/**/*.{mjs,cjs}'], rules: { 'no-console': 'off' } },
  { files: ['*.config.ts', 'eslint.config.js'], rules: { 'no-restricted-syntax': 'off' } },
);
