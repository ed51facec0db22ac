import { describe, expect, it } from 'vitest';
import { typedBridge, type RawBridge } from '../bridge.ts';
import { ImageLibrary } from './image-library.ts';

/** An engine with one image of 256 × 256 pixels; the test sees what it is asked. */
function engine() {
  const asked: string[] = [];
  const answers: Record<string, unknown> = {
    'image.open': { image: 'a'.repeat(32), nx: 256, ny: 256, binning: 1 },
    'image.tile': { width: 256, height: 256, type: 'f32', data: new Float32Array(65_536).fill(7).buffer },
    'image.statistics': { defined: 65_536, undefined: 0, values: null },
    'image.cancel': {},
  };
  const raw: RawBridge = {
    call(channel) {
      asked.push(channel);
      return Promise.resolve({ ok: true, value: answers[channel] });
    },
    openFile: () => Promise.reject(new Error('gone')),
    onEvents: () => () => undefined,
  };
  return { bridge: typedBridge(raw), asked };
}

const SOURCE = { kind: 'run', runId: 1, camera: 'b0', layer: 'raw' } as const;

describe('the images of a screen', () => {
  it('are there before their statistics, which are asked for once', async () => {
    const { bridge, asked } = engine();
    const library = new ImageLibrary(bridge);
    const opened = await library.open(SOURCE, '');
    if (!opened.ok) throw new Error(opened.error.message);
    const { tiles, numbers } = opened.value;
    expect(tiles.any()).toBeUndefined();
    const came = new Promise((resolve) => tiles.listen(resolve));
    tiles.want([{ level: 0, column: 0, row: 0 }], 'mean');
    expect(await came).toBe('');
    expect(tiles.any()?.values[0]).toBe(7);
    expect(asked).not.toContain('image.statistics');
    expect(numbers.value).toBeNull();
    await Promise.all([numbers.get(), numbers.get()]);
    expect(numbers.value?.defined).toBe(65_536);
    expect(asked.filter((channel) => channel === 'image.statistics')).toHaveLength(1);
    library.close();
  });

  it('have a number each, by which the painter tells their tiles apart', async () => {
    const library = new ImageLibrary(engine().bridge);
    const [first, second] = [await library.open(SOURCE, ''), await library.open(SOURCE, 'later')];
    if (!first.ok || !second.ok) throw new Error('not opened');
    expect(first.value.tiles.id).not.toBe(second.value.tiles.id);
    library.close();
  });
});
