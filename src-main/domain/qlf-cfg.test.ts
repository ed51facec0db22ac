import { describe, expect, it } from 'vitest';
import { readQlfCfg, writeQlfCfg } from './qlf-cfg.ts';

const TEXT = `[main]
emulate_dos = False
max_workers = 0
# a comment
disk_percent_warning=40
disk_percent_alert: 20
loglevel=INFO
qlconfig=/app/qlconfig_{}.yaml

[pipeline]
psf_exp_id=3891
use_resolution=yes
write_intermediate_files=perhaps

[data]
night=20190101
arms=b, R
spectrographs=0,9
  ,3
colour=blue

[namespace]
desi_spectro_data=%(home)s/data
this says nothing
`;

const of = (text: string) => Object.fromEntries(readQlfCfg(text).lines.map((line) => [line.key, line]));

describe('the original’s qlf.cfg', () => {
  it('answers every line that says something, by its number, and takes over what has a place', () => {
    const cfg = readQlfCfg(TEXT);
    expect(cfg.lines.map(({ line }) => line)).toEqual([2, 3, 5, 6, 7, 8, 11, 12, 13, 16, 17, 18, 20, 23, 24]);
    expect(cfg.engine).toEqual({ parallel: 30, camerasExpected: ['b0', 'b3', 'b9', 'r0', 'r3', 'r9'] });
    expect(cfg.alarms).toEqual({ diskWarning: 0.6, diskFault: 0.8 });
    expect(cfg.flavors).toEqual({ UseResolution: true });
    const lines = of(TEXT);
    expect(lines['[main] max_workers']).toMatchObject({ outcome: 'taken' });
    expect(lines['[main] qlconfig']).toMatchObject({ outcome: 'not taken', words: /config import qlconfig/ });
    expect(lines['[pipeline] write_intermediate_files']).toMatchObject({ outcome: 'not taken', words: /neither true/ });
    expect(lines['[data] colour']).toMatchObject({ outcome: 'not taken', words: 'QLF knows no such key' });
    expect(lines['[namespace] desi_spectro_data']).toMatchObject({ outcome: 'not taken', words: /%\(…\)s/ });
    expect(lines['this says nothing']).toMatchObject({ line: 24, outcome: 'not taken' });
  });

  it('takes nothing that makes no sense', () => {
    for (const [key, value] of [
      ...[
        ['max_workers', '-1'],
        ['max_workers', '1e9'],
        ['max_workers', '__proto__'],
        ['disk_percent_warning', '140'],
      ],
      ...[
        ['disk_percent_alert', 'NaN'],
        ['arms', 'b,q'],
        ['arms', ''],
        ['spectrographs', '10'],
      ],
    ] as const) {
      const cfg = readQlfCfg(`[main]\n${key}=${value}\n`);
      expect(cfg.lines, `${key}=${value}`).toMatchObject([{ line: 2, outcome: 'not taken' }]);
      expect([cfg.engine, cfg.alarms, cfg.flavors]).toEqual([{}, {}, {}]);
    }
    const turned = readQlfCfg('[main]\ndisk_percent_warning=20\ndisk_percent_alert=40\n');
    expect(turned.alarms).toEqual({});
    expect(turned.lines.every(({ outcome }) => outcome === 'not taken')).toBe(true);
    const twice = readQlfCfg('[main]\nmax_workers=2\nmax_workers=9\n');
    expect(twice.engine).toEqual({ parallel: 2 });
    expect(twice.lines[1]).toMatchObject({ line: 3, outcome: 'not taken' });
    expect(readQlfCfg('\u0000\u0001\n\ufffd').lines.every(({ outcome }) => outcome === 'not taken')).toBe(true);
  });

  const settings = {
    ...{ flavors: ['science'], catchUp: true, parallel: 8, jobTimeout: 600, heartbeat: 60, dosPeriod: 1.5 },
    ...{ ingestPort: 8000, camerasExpected: 'auto' as const, pipeline: { kind: 'built-in' as const } },
    ...{ transferRate: null, transferStall: 30, transferAttempts: 4, transferWait: 120 },
  };
  const source = {
    engine: settings,
    alarms: { diskWarning: 0.8, diskFault: 0.92 },
    flavors: [{ UseResolution: true }, { UseResolution: true }],
    sourceFolder: '/data/raw',
    root: '/data/qlf',
  };

  it('is written so that reading it gives the same settings, and says what it cannot hold', () => {
    for (const camerasExpected of ['auto' as const, ['b0' as const, 'r0' as const]]) {
      const { text } = writeQlfCfg({ ...source, engine: { ...settings, camerasExpected } });
      const again = readQlfCfg(text);
      expect(again.engine).toEqual({ parallel: 8, camerasExpected });
      expect(again.alarms).toEqual(source.alarms);
      expect(again.flavors).toEqual({ UseResolution: true, WriteIntermediatefiles: false });
    }
    const { text, lines } = writeQlfCfg({
      ...{ ...source, engine: { ...settings, camerasExpected: ['b0', 'r3'] } },
      ...{ flavors: [{ UseResolution: true }, {}], sourceFolder: undefined },
    });
    expect(text).not.toMatch(/arms|use_resolution|desi_spectro_data/);
    const cannot = lines.filter(({ outcome }) => outcome === 'not taken').map(({ key }) => key);
    expect(cannot).toEqual(
      expect.arrayContaining([
        'engine.camerasExpected',
        'UseResolution',
        'source',
        'engine.pipeline',
        'engine.flavors',
      ]),
    );
  });
});
