import { describe, expect, it } from 'vitest';
import { assetHeaders, assetPath } from './assets.ts';

const folder = '/opt/qlf/out/renderer';

describe('files of the interface', () => {
  it('serves the page at the root and files below it', () => {
    expect(assetPath(folder, 'qlf://app/')).toBe(`${folder}/index.html`);
    expect(assetPath(folder, 'qlf://app/assets/main.js?v=1')).toBe(`${folder}/assets/main.js`);
    expect(assetPath(folder, 'qlf://app/fonts/a%20b.woff2')).toBe(`${folder}/fonts/a b.woff2`);
  });

  it.each([
    'qlf://app/%2e%2e/main/main.cjs',
    'qlf://app/..%2f..%2f..%2fetc/passwd',
    'qlf://app/assets/..%2f..%2fmain%2fmain.cjs',
    'qlf://app/..%5c..%5cmain.cjs',
    'qlf://app/index.html%00.png',
    'qlf://app/%E0%A4%A',
    'not a url',
  ])('never leaves its folder for %s', (url) => {
    const path = assetPath(folder, url) ?? `${folder}/refused`;
    expect(path.startsWith(`${folder}/`)).toBe(true);
    expect(path).not.toContain('..');
    expect(path).not.toContain('\0');
  });

  it('is not fooled by a folder of a similar name', () => {
    expect(assetPath(folder, 'qlf://app/..%2frenderer-other/x.js')).toBeUndefined();
  });

  it('puts the policy on every answer, whatever the file', () => {
    for (const path of ['index.html', 'a.js', 'unknown.xyz']) {
      const headers = assetHeaders(path);
      expect(headers['Content-Security-Policy']).toContain("default-src 'none'");
      expect(headers['Content-Security-Policy']).not.toContain('unsafe-eval');
      expect(headers['X-Content-Type-Options']).toBe('nosniff');
    }
    expect(assetHeaders('unknown.xyz')['Content-Type']).toBe('application/octet-stream');
  });
});
