import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Run } from '#shared/domain/run.ts';
import { Header } from '#shared/fits/header.ts';
import { encodeFits, imageHdu, primaryHdu } from '#shared/fits/write.ts';
import { createImages } from './handlers.ts';
import { ImageThreads } from './image-threads.ts';

const folder = mkdtempSync(join(tmpdir(), 'qlf-run-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WORKER = new URL('../image-worker.ts', import.meta.url);
const RUN = { id: 4, expid: 77, night: '20261121' } as Run;
const folders = {
  raw: () => join(folder, 'raw'),
  split: () => join(folder, 'split'),
  redux: () => join(folder, 'redux'),
};

function write(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

const raw = (name: string, value: number) => imageHdu(name, { axes: [2, 1], pixels: Uint16Array.of(value, value + 1) });
const sections = (header: Header, data: string): Header =>
  header.set('CCDSECA', '[1:2,1:1]').set('DATASECA', data).set('BIASSECA', '[3:3,1:1]');

describe('images of a run', () => {
  let cleaned: number | null = null;
  const images = createImages({
    program: WORKER,
    store: {
      run: (id) => (id === RUN.id ? RUN : undefined),
      cleanedAt: ({ expid, runId, kinds }) =>
        expid === RUN.expid && runId === RUN.id && kinds.includes('preproc') ? cleaned : null,
    },
    folders,
    pickFile: null,
  });
  afterAll(() => images.close());
  const open = (layer: 'raw' | 'preproc' | 'mask', camera = 'r3', runId = RUN.id) =>
    images.handlers['image.open']({ source: { kind: 'run', runId, camera: camera as 'r3', layer }, view: 1 });

  it('come from the camera file, else from the exposure file', async () => {
    write(join(folder, 'raw/desi-00000077.fits'), encodeFits([primaryHdu(), raw('R3', 10), raw('R4', 20)]));
    write(join(folder, 'raw/desi-00000077.fits.evil'), 'x');
    const whole = await open('raw');
    expect(whole).toMatchObject({ origin: 'exposure-file', fileName: 'desi-00000077.fits', hduName: 'R3' });
    write(join(folder, 'split/desi-r3-00000077.fits'), encodeFits([primaryHdu(), raw('R3', 30)]));
    const own = await open('raw');
    expect(own).toMatchObject({ origin: 'camera-file', fileName: 'desi-r3-00000077.fits' });
    expect(await images.handlers['image.value']({ image: own.image, view: 1, x: 1, y: 0 })).toEqual({ value: 31 });
    expect(await images.handlers['image.value']({ image: whole.image, view: 1, x: 1, y: 0 })).toEqual({ value: 11 });
  });

  it('of a camera that is not in the file are refused in words', async () => {
    await expect(open('raw', 'z9')).rejects.toMatchObject({
      code: 'not-found',
      message: 'camera z9 is not in desi-00000077.fits',
    });
  });

  it('are the binned product until the full image is there, and the mask only with it', async () => {
    const file = (name: string): string => join(folder, `redux/${name}-r3-00000077.fits`);
    await expect(open('preproc')).rejects.toThrow('no preprocessed image yet');
    cleaned = Date.UTC(2026, 10, 20, 23);
    await expect(open('preproc')).rejects.toThrow('r3 of exposure 00000077: cleaned away on 2026-11-20');
    cleaned = null;
    const image = { axes: [1, 1], pixels: Float32Array.of(5) };
    const cards = new Header().set('EXTNAME', 'IMAGE').set('BINNING', 2).set('BUNIT', 'electron');
    write(file('preproc-binned'), encodeFits([primaryHdu(cards, image)]));
    const header = sections(new Header(), '[1:2,1:1]');
    write(
      join(folder, 'split/desi-r3-00000077.fits'),
      encodeFits([primaryHdu(), imageHdu('R3', { axes: [3, 1], pixels: Uint16Array.of(1, 2, 3) }, header)]),
    );
    expect(await open('preproc')).toMatchObject({
      origin: 'preproc-binned',
      binning: 2,
      unit: 'electron',
      // Where the amplifiers are is told by the raw file.
      amplifiers: [{ id: 'A', ccd: { x0: 0, x1: 2, y0: 0, y1: 1 }, bias: null }],
    });
    await expect(open('mask')).rejects.toThrow('WritePreprocfile');
    const full = { axes: [2, 1], pixels: Float32Array.of(5, 6) };
    const mask = imageHdu('MASK', { axes: [2, 1], pixels: Int16Array.of(0, 16) });
    write(file('preproc'), encodeFits([primaryHdu(new Header().set('EXTNAME', 'IMAGE'), full), mask]));
    expect(await open('preproc')).toMatchObject({ origin: 'preproc', binning: 1 });
    const { image: handle } = await open('mask');
    expect(await images.handlers['image.value']({ image: handle, view: 1, x: 1, y: 0 })).toEqual({ value: 16 });
  });

  it('have names that nobody can make up', async () => {
    const stranger = 'ab'.repeat(16);
    const question = { image: stranger, view: 1, x: 0, y: 0 };
    await expect(async () => images.handlers['image.value'](question)).rejects.toMatchObject({ code: 'not-found' });
    await expect(async () => images.handlers['fits.describe']({ file: stranger })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(open('raw', 'r3', 5)).rejects.toMatchObject({ code: 'not-found' });
    await expect(async () => images.handlers['fits.choose']({})).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('of files are opened by a person only, and only files are', async () => {
    await expect(images.openFile(folder)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(images.openFile('relative.fits')).rejects.toMatchObject({ code: 'bad-request' });
    await expect(images.openFile(join(folder, 'none.fits'))).rejects.toThrow('none.fits is no file');
    const opened = await images.openFile(join(folder, 'raw/desi-00000077.fits'));
    expect(opened).toMatchObject({ name: 'desi-00000077.fits' });
    expect(JSON.stringify(opened)).not.toContain(folder);
    const description = await images.handlers['fits.describe']({ file: opened.file });
    expect(description.hdus.map(({ name }) => name)).toEqual(['', 'R3', 'R4']);
    const source = { kind: 'file', file: opened.file, hdu: 2, plane: 0 } as const;
    const image = await images.handlers['image.open']({ source, view: 1 });
    expect(image).toMatchObject({ origin: 'file', hduName: 'R4' });
  });
});

describe('the threads that read images', () => {
  /** Answers with the task's name; `hang` never, `die` ends the thread. */
  const program = join(folder, 'worker.mjs');
  writeFileSync(
    program,
    `import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ id, request }) => {
  if (request.path === 'hang') return;
  if (request.path === 'die') process.exit(3);
  parentPort.postMessage({ id, ok: true, value: request.path });
});`,
  );
  let threads: ImageThreads;
  const make = (timeoutMs = 60_000, mostWaiting = 10): ImageThreads =>
    (threads = new ImageThreads({ program, threads: 1, timeoutMs, mostWaiting }));
  const run = (path: string, view = 1, urgency: 'now' | 'soon' | 'later' = 'soon') =>
    threads.run('describe', { path }, { about: 'x', view, urgency }) as unknown as Promise<string>;
  afterEach(() => threads.close());

  it('do what is urgent before what is not', async () => {
    make();
    const order: string[] = [];
    const note = (path: string): void => void order.push(path);
    await Promise.all([
      run('first').then(note),
      run('tile', 1, 'later').then(note),
      run('statistics', 1, 'soon').then(note),
      run('value', 1, 'now').then(note),
    ]);
    expect(order).toEqual(['first', 'value', 'statistics', 'tile']);
  });

  it('give up what is called off, and nothing else', async () => {
    make();
    const answers = [run('under way', 7), run('a', 7), run('b', 8), run('c', 7)].map((answer) =>
      answer.catch((error: unknown) => (error as { code: string }).code),
    );
    threads.cancel(7);
    expect(await Promise.all(answers)).toEqual(['under way', 'unavailable', 'b', 'unavailable']);
  });

  it('are replaced when they hang or die; what waits is done by the next', async () => {
    make(3000);
    const hung = run('hang');
    const after = run('after');
    await expect(hung).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('3 s') as string,
    });
    expect(await after).toBe('after');
    const died = run('die');
    const again = run('again');
    await expect(died).rejects.toThrow('code 3');
    expect(await again).toBe('again');
  });

  it('refuse more than can wait, and everything once closed', async () => {
    make(60_000, 2);
    const held = [run('hang'), run('a'), run('b')].map((answer) => answer.catch((error: unknown) => error));
    await expect(run('c')).rejects.toThrow('too many');
    await threads.close();
    for (const answer of held) expect(await answer).toMatchObject({ code: 'unavailable' });
    await expect(run('d')).rejects.toThrow('closing');
  });
});
