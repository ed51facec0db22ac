/** The flavors of exposures that have a QL configuration of their own. */
export const QL_FLAVORS = ['science', 'arc', 'flat', 'bias', 'dark'] as const;
export type QlFlavor = (typeof QL_FLAVORS)[number];

/** Programs of science exposures, for which a part of the configuration may differ. */
export const SCIENCE_PROGRAMS = ['dark', 'gray', 'bright'] as const;
export type ScienceProgram = (typeof SCIENCE_PROGRAMS)[number];

/** The block that an exposure takes, by its FLAVOR, and where that says nothing by its PROGRAM; undefined: none. */
export function qlFlavorOf(flavor: string, program: string | null): QlFlavor | undefined {
  switch (flavor) {
    case 'arc':
    case 'arcs':
      return 'arc';
    case 'flat':
      return 'flat';
    case 'bias':
    case 'zero':
      return 'bias';
    case 'dark':
      return 'dark';
    case 'science':
    case 'object':
      if (program === 'arc' || program === 'flat') return program;
      return 'science';
    default:
      return undefined;
  }
}

/** PROGRAM as one of those that may have settings of their own; undefined for others. */
export function scienceProgramOf(program: string | null): ScienceProgram | undefined {
  return SCIENCE_PROGRAMS.find((name) => name === program);
}
