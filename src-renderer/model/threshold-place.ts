import type { CameraName } from '#shared/domain/camera.ts';
import type { LimitRule, LimitSubject } from '#shared/domain/limits.ts';
import type { QlFlavor, ScienceProgram } from '#shared/domain/ql-flavor.ts';
import { findKey, elementLabels, targetClasses } from '#shared/qa/catalogue.ts';

/** What limits are looked at: the scope of a rule. */
export type ThresholdPlace = Pick<LimitRule, 'key' | 'camera' | 'element' | 'flavor' | 'program' | 'from' | 'until'>;

/** Kinds of exposures that limits may differ for, as one choice. */
export const EXPOSURE_CHOICES = ['any', 'dark', 'gray', 'bright', 'arc', 'flat', 'bias', 'darks'] as const;
export type ExposureChoice = (typeof EXPOSURE_CHOICES)[number];

export const CHOICE_WORDS: Readonly<Record<ExposureChoice, string>> = {
  any: 'Any',
  dark: 'Dark',
  gray: 'Gray',
  bright: 'Bright',
  arc: 'Arc',
  flat: 'Flat',
  bias: 'Bias',
  darks: 'Dark current',
};

export function choiceParts(choice: ExposureChoice): { flavor: QlFlavor | null; program: ScienceProgram | null } {
  switch (choice) {
    case 'any':
      return { flavor: null, program: null };
    case 'dark':
    case 'gray':
    case 'bright':
      return { flavor: 'science', program: choice };
    case 'darks':
      return { flavor: 'dark', program: null };
    default:
      return { flavor: choice, program: null };
  }
}

export function choiceOf({ flavor, program }: Pick<ThresholdPlace, 'flavor' | 'program'>): ExposureChoice {
  return (
    EXPOSURE_CHOICES.find((choice) => {
      const parts = choiceParts(choice);
      return parts.flavor === flavor && parts.program === program;
    }) ?? 'any'
  );
}

const COUNTS = { amplifier: 4, 'axes-xw': 2, 'axes-xy': 2 } as const;

/** Names of a key's elements; of targets those of the program; none for a scalar. */
export function elementsOf(key: string, program: ScienceProgram | null): readonly string[] {
  const kind = findKey(key)?.elements ?? 'scalar';
  if (kind === 'scalar') return [];
  if (kind === 'target')
    return program === null ? [...new Set(['dark', 'bright'].flatMap(targetClasses))] : targetClasses(program);
  return elementLabels(kind, COUNTS[kind], program);
}

/** One exposure and camera that a place is about, to ask which of the other rules would judge there. */
export function representative({ camera, flavor, program, from, until }: ThresholdPlace): LimitSubject {
  const one = camera === null ? 'b0' : camera.length === 1 ? `${camera}0` : camera;
  return {
    camera: one as CameraName,
    flavor: flavor ?? (program === null ? null : 'science'),
    program,
    night: until ?? from ?? '99991231',
  };
}
