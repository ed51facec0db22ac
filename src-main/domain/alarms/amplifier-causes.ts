import type { AlarmKind } from '#shared/domain/alarm.ts';
import { CAMERAS, type CameraName } from '#shared/domain/camera.ts';
import { listed } from '#shared/words.ts';
import { grouped } from '#shared/grouped.ts';
import type { Cause } from './cause.ts';
import { limitWords, valueWords, worstFirst, type Finding } from './findings.ts';

const AMPLIFIER_KEYS: ReadonlySet<string> = new Set(['NOISE_AMP', 'BIAS_AMP', 'LITFRAC_AMP']);
/** From this lit fraction on an amplifier is full of light, or of charge. */
const FULL = 0.95;

/** A cause in one camera's amplifiers, the findings that are it, and which others of the camera follow from it. */
export interface AmplifierCause {
  cause: Cause;
  main: Finding[];
  explains: (finding: Finding) => boolean;
}

interface OneAmplifier {
  camera: CameraName;
  label: string;
  findings: Finding[];
  kind: AlarmKind;
}

/** What one amplifier has, from all that is off in it. */
function kindOf(findings: readonly Finding[]): AlarmKind {
  const is = (key: string, side: Finding['side']): boolean =>
    findings.some((finding) => finding.key === key && finding.side === side);
  if (is('NOISE_AMP', 'low') && (is('BIAS_AMP', 'low') || is('LITFRAC_AMP', 'low'))) return 'amplifier-dead';
  if (is('NOISE_AMP', 'high') || is('NOISE_AMP', 'low')) return 'amplifier-noise';
  if (is('BIAS_AMP', 'high') || is('BIAS_AMP', 'low')) return 'amplifier-bias';
  const full = findings.some(({ key, side, worst }) => key === 'LITFRAC_AMP' && side === 'high' && (worst ?? 0) > FULL);
  return full ? 'amplifier-saturated' : 'amplifier-light';
}

/** In one amplifier's words: 'dead', 'saturated', else what its key means. */
const WORDS: Readonly<Partial<Record<AlarmKind, string>>> = {
  'amplifier-dead': 'dead',
  'amplifier-saturated': 'saturated',
};
const MAIN_KEY: Readonly<Partial<Record<AlarmKind, string>>> = {
  'amplifier-dead': 'NOISE_AMP',
  'amplifier-noise': 'NOISE_AMP',
  'amplifier-bias': 'BIAS_AMP',
  'amplifier-saturated': 'LITFRAC_AMP',
  'amplifier-light': 'LITFRAC_AMP',
};

/** Which findings of the same camera follow. A jump of the bias is subtracted, so nothing on the spectra does. */
function consequences(kind: AlarmKind): (finding: Finding) => boolean {
  if (kind === 'amplifier-bias') return () => false;
  if (kind === 'amplifier-noise') return ({ key }) => key === 'FIDSNR_TGT' || key === 'NGOODFIB';
  return ({ key }) => key !== 'NOISE_AMP' && key !== 'BIAS_AMP';
}

function causeOf(group: readonly OneAmplifier[]): AmplifierCause {
  const [first] = group as [OneAmplifier, ...OneAmplifier[]];
  const { kind } = first;
  const main = [...new Set(group.flatMap(({ findings }) => findings))];
  const [worst] = [...worstFirst(main.filter(({ key }) => key === MAIN_KEY[kind])), ...main] as [Finding, ...Finding[]];
  const labels = [...new Set(group.map(({ label }) => label))].sort();
  const cameras = CAMERAS.filter((camera) => group.some((one) => one.camera === camera));
  const amplifiers = `${labels.length > 1 ? 'amplifiers' : 'amplifier'} ${listed(labels)}`;
  const where = cameras.length === 1 ? `${first.camera} ${amplifiers}` : `${amplifiers} of ${cameras.length} cameras:`;
  return {
    cause: {
      kind,
      family: 'data',
      severity: main.some(({ status }) => status === 'alarm') ? 'alarm' : 'warning',
      members: group.map(({ camera, label }) => `${camera}:${label}`),
      cameras,
      amplifiers: labels,
      keys: [worst.key, ...new Set(main.map(({ key }) => key).filter((key) => key !== worst.key))],
      title: `${where} ${WORDS[kind] ?? worst.plain}`,
      value: cameras.length > 1 ? `${worst.camera} ${valueWords(worst)}` : valueWords(worst),
      detail: limitWords(worst),
      also: [...new Set(main.filter(({ key }) => key !== worst.key).map(({ plain }) => plain))],
      camera: worst.camera,
    },
    main,
    explains: consequences(kind),
  };
}

/**
 * The causes in single amplifiers. The lit fraction of a whole CCD is no amplifier's matter; a wrong noise or bias is,
 * however many of them have it. Amplifiers of a camera with the same are one cause, and so is what a third of all has.
 */
export function amplifierCauses(findings: readonly Finding[]): AmplifierCause[] {
  const own = findings.filter(
    ({ key, whole, labels }) => AMPLIFIER_KEYS.has(key) && labels.length > 0 && !(key === 'LITFRAC_AMP' && whole),
  );
  const single = grouped(own, ({ camera, labels }) => `${camera}:${labels.join()}`).map((list): OneAmplifier => {
    const [{ camera, labels }] = list as [Finding, ...Finding[]];
    return { camera, label: labels.join(), findings: list, kind: kindOf(list) };
  });
  const byKind = grouped(single, ({ kind }) => kind);
  return byKind
    .flatMap((list) => {
      const cameras = new Set(list.map(({ camera }) => camera)).size;
      return cameras >= CAMERAS.length / 3 ? [list] : grouped(list, ({ camera }) => camera);
    })
    .map(causeOf);
}
