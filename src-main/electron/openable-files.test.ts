import { expect, it } from 'vitest';
import { openableFiles, openableKind } from './openable-files.ts';

it('knows what it opens by the name', () => {
  expect(['a.fits', 'b.FITS.FZ', 'c.fit.gz', 'd.fts'].map(openableKind)).toEqual(['fits', 'fits', 'fits', 'fits']);
  expect(openableKind('/x/qlf-night-20191115/night.qlfnight')).toBe('night');
  expect(['a.fz', 'fits', 'a.fits.exe', 'a.json', 'status', ''].map(openableKind)).toEqual(Array(6).fill(null));
});

it('finds files among the words of a command line: paths and addresses, options never', () => {
  const words = ['/opt/QLF', '--data', '/data', '--x.fits', 'near/a.fits', '/far/b.fits.fz', 'file:///far/c%20d.fits'];
  expect(openableFiles(words, '/home/me')).toEqual(['/home/me/near/a.fits', '/far/b.fits.fz', '/far/c d.fits']);
});

it('opens nothing from elsewhere', () => {
  const words = ['http://evil.test/a.fits', 'file://evil.test/a.fits', 'smb://evil.test/a.fits', 'file:///a%2fb.fits'];
  expect(openableFiles(words, '/home/me')).toEqual([]);
  expect(openableFiles(Array(50).fill('/a.fits'), '/')).toHaveLength(10);
});
