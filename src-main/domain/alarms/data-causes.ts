import { ARMS, armOf, CAMERAS, spectrographOf, type CameraName } from '#shared/domain/camera.ts';
import type { AlarmKind } from '#shared/domain/alarm.ts';
import { amplifierCauses } from './amplifier-causes.ts';
import { grouped } from '#shared/grouped.ts';
import { sentence, type Cause } from './cause.ts';
import { findingsOf, limitWords, valueWords, worstFirst, type Finding, type Judged } from './findings.ts';

/** A cause that shows in many cameras, or in one of them: which keys tell of it, and what else it makes go wrong. */
interface Pattern {
  kind: AlarmKind;
  /** [METRICS key, side] that tell of it, the most telling first. */
  signs: readonly (readonly [string, 'high' | 'low' | 'any'])[];
  /** Keys that go off with it in the same cameras. */
  explains: readonly string[];
  /** Cameras of one spectrograph have it in common. */
  shared: boolean;
}

const SPECTRAL = ['PEAKCOUNT', 'SKYCONT', 'DELTAMAG_TGT', 'FIDSNR_TGT', 'SKYRBAND'] as const;
const FIBERS = ['NGOODFIB', 'CHECKARC', 'CHECKFLAT'] as const;

const FOCUS: Pattern = {
  kind: 'focus',
  signs: [['XWSIGMA', 'high']],
  explains: ['LITFRAC_AMP', 'XYSHIFTS', ...FIBERS, ...SPECTRAL],
  shared: false,
};
const TRACES: Pattern = {
  kind: 'traces',
  signs: [['XYSHIFTS', 'any']],
  explains: ['LITFRAC_AMP', ...FIBERS, ...SPECTRAL],
  shared: true,
};
const DEAD_FIBERS: Pattern = {
  kind: 'fibers',
  signs: [['NGOODFIB', 'low']],
  explains: ['LITFRAC_AMP', ...FIBERS, ...SPECTRAL],
  shared: true,
};
const CLOUD: Pattern = {
  kind: 'cloud',
  signs: [
    ['DELTAMAG_TGT', 'high'],
    ['FIDSNR_TGT', 'low'],
  ],
  explains: ['LITFRAC_AMP', ...SPECTRAL],
  shared: false,
};
const BRIGHT_SKY: Pattern = {
  kind: 'bright-sky',
  signs: [
    ['SKYCONT', 'high'],
    ['SKYRBAND', 'low'],
    ['PEAKCOUNT', 'high'],
  ],
  explains: ['LITFRAC_AMP', ...SPECTRAL],
  shared: false,
};
const THROUGHPUT: Pattern = { ...CLOUD, kind: 'throughput', explains: [...SPECTRAL], shared: true };
const FLAT: Pattern = { kind: 'fiber-flat', signs: [['CHECKFLAT', 'any']], explains: [], shared: true };

/** What many cameras can have at once, upstream first; clouds before bright sky, as they are bright too. */
const WIDE: readonly Pattern[] = [FOCUS, TRACES, DEAD_FIBERS, CLOUD, BRIGHT_SKY, FLAT];
/** What one camera or spectrograph can have. */
const LOCAL: readonly Pattern[] = [FOCUS, TRACES, DEAD_FIBERS, THROUGHPUT, FLAT];

/** Share of an arm's cameras that must show it, so that it is no matter of single cameras. */
const WIDE_SHARE = 0.6;
const WIDE_LEAST = 3;

const hasSign = ({ signs }: Pattern, finding: Finding): boolean =>
  signs.some(([key, side]) => key === finding.key && (side === 'any' || side === finding.side));

/** Whether cameras make up most of an arm, over more than one spectrograph. */
function isWide(hit: readonly CameraName[], measured: ReadonlySet<CameraName>): boolean {
  if (new Set(hit.map(spectrographOf)).size < 2) return false;
  return ARMS.some((arm) => {
    const own = hit.filter((camera) => armOf(camera) === arm).length;
    const all = [...measured].filter((camera) => armOf(camera) === arm).length;
    return own >= 2 && own >= WIDE_SHARE * all && hit.length >= WIDE_LEAST;
  });
}

const inOrder = (cameras: Iterable<CameraName>): CameraName[] => {
  const set = new Set(cameras);
  return CAMERAS.filter((camera) => set.has(camera));
};

/** What was measured of a run: the cameras that were, and everything off. */
class Evidence {
  readonly existing: readonly CameraName[];
  left: Finding[];
  readonly #measured = new Map<string, Set<CameraName>>();

  constructor(measurements: readonly Judged[]) {
    this.existing = inOrder(measurements.map(({ camera }) => camera));
    for (const { camera, keys } of measurements)
      for (const { key } of keys) {
        const cameras = this.#measured.get(key) ?? new Set();
        this.#measured.set(key, cameras.add(camera));
      }
    this.left = findingsOf(measurements);
  }

  measured(key: string): ReadonlySet<CameraName> {
    return this.#measured.get(key) ?? new Set();
  }

  /** Takes what a cause explains in its cameras; what is worse than the cause itself stays. */
  take(main: readonly Finding[], explains: (finding: Finding) => boolean): Finding[] {
    const alarm = main.some(({ status }) => status === 'alarm');
    const cameras = new Set(main.map(({ camera }) => camera));
    const taken = this.left.filter(
      (finding) =>
        main.includes(finding) ||
        (cameras.has(finding.camera) && explains(finding) && (alarm || finding.status === 'warning')),
    );
    this.left = this.left.filter((finding) => !taken.includes(finding));
    return taken.filter((finding) => !main.includes(finding));
  }
}

/**
 * The cause that some findings have in common.
 * @param named what it is called by, of one key
 * @param signs other findings that tell of it
 * @param consequences what else is off with it
 */
function causeOf(
  kind: AlarmKind,
  named: readonly Finding[],
  signs: readonly Finding[],
  consequences: readonly Finding[],
  existing: readonly CameraName[],
): Cause {
  const main = [...named, ...signs];
  const [worst] = worstFirst(named) as [Finding, ...Finding[]];
  const cameras = inOrder(main.map(({ camera }) => camera));
  const same = named.every(({ words }) => words === worst.words);
  const value = valueWords(worst);
  const also = [...worstFirst(signs), ...consequences].filter(({ plain }) => plain !== worst.plain);
  return {
    kind,
    family: 'data',
    severity: main.some(({ status }) => status === 'alarm') ? 'alarm' : 'warning',
    members: [...cameras],
    cameras,
    amplifiers: [],
    keys: [...new Set(main.map(({ key }) => key))],
    title: sentence(cameras, existing, same ? worst.words : worst.plain),
    value: cameras.length > 1 && value !== '' ? `${worst.camera} ${value}` : value,
    detail: limitWords(worst),
    also: [...new Set(also.map(({ plain }) => plain))],
    camera: worst.camera,
  };
}

/** Named by the first of the pattern's signs that is an alarm, however far others are off. */
function patternCause(pattern: Pattern, main: readonly Finding[], evidence: Evidence): Cause {
  const consequences = evidence.take(main, ({ key }) => pattern.explains.includes(key));
  const bySign = pattern.signs
    .map(([key]) => main.filter((finding) => finding.key === key))
    .filter((list) => list.length > 0);
  const named = bySign.find((list) => list.some(({ status }) => status === 'alarm')) ?? bySign[0] ?? [];
  const signs = main.filter((finding) => !named.includes(finding));
  return causeOf(pattern.kind, named, signs, consequences, evidence.existing);
}

function wideCauses(evidence: Evidence): Cause[] {
  return WIDE.flatMap((pattern) => {
    const main = evidence.left.filter((finding) => hasSign(pattern, finding));
    const telling = pattern.signs.some(([key]) => {
      const hit = main.filter((finding) => finding.key === key).map(({ camera }) => camera);
      return isWide(hit, evidence.measured(key));
    });
    return telling ? [patternCause(pattern, main, evidence)] : [];
  });
}

function localCauses(evidence: Evidence): Cause[] {
  return LOCAL.flatMap((pattern) => {
    const main = evidence.left.filter((finding) => hasSign(pattern, finding));
    return grouped(main, ({ camera, status }) => (pattern.shared ? `${spectrographOf(camera)} ${status}` : camera)).map(
      (list) => patternCause(pattern, list, evidence),
    );
  });
}

/** What is left: the same key in many cameras is one cause, else what one camera has is one. */
function otherCauses(evidence: Evidence): Cause[] {
  const { existing } = evidence;
  const wide = grouped(evidence.left, ({ key, side }) => `${key} ${side ?? ''}`)
    .filter((list) => isWide(inOrder(list.map(({ camera }) => camera)), evidence.measured(list[0]?.key ?? '')))
    .map((list) => {
      evidence.take(list, () => false);
      return causeOf('metric', list, [], [], existing);
    });
  const single = grouped(evidence.left, ({ camera, status }) => `${camera} ${status}`).map((list) => {
    const worst = worstFirst(list)[0]?.key;
    const named = list.filter(({ key }) => key === worst);
    const kind = list.some(({ key }) => key === 'EXPNUM' || key === 'CHECKHDUS') ? 'wrong-exposure' : 'metric';
    const others = list.filter((finding) => !named.includes(finding));
    return causeOf(kind, named, others, [], existing);
  });
  evidence.left = [];
  return [...wide, ...single];
}

/**
 * The causes of everything off in a run's data, one each: the same key in many cameras (clouds, bright sky) before what a
 * spectrograph, a camera or an amplifier has alone, and upstream before downstream: what a camera out of focus fails in
 * later steps is no cause of its own.
 */
export function dataCauses(measurements: readonly Judged[]): Cause[] {
  const evidence = new Evidence(measurements);
  const everywhere = wideCauses(evidence);
  const amplifiers = amplifierCauses(evidence.left).map(({ cause, main, explains }) => {
    const also = evidence.take(main, explains);
    return { ...cause, also: [...new Set([...cause.also, ...also.map(({ plain }) => plain)])] };
  });
  return [...everywhere, ...amplifiers, ...localCauses(evidence), ...otherCauses(evidence)];
}
