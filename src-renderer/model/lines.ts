/** A line or band that is looked for in a spectrum. */
export interface MarkedLine {
  /** Å, vacuum */
  wavelength: number;
  name: string;
  /** Worth its name when all of the spectrum is in sight. */
  main: boolean;
}

const line = (wavelength: number, name: string, main = false): MarkedLine => ({ wavelength, name, main });

/**
 * The night sky above Kitt Peak, vacuum wavelengths: airglow of nitrogen, oxygen and sodium, the bright lines of OH, and mercury of
 * the cities. Those at which the pipeline measures the sky are among them.
 */
export const SKY_LINES: readonly MarkedLine[] = [
  line(3914.4, 'N\u2082\u207a', true),
  line(4047.7, 'Hg'),
  line(4359.6, 'Hg', true),
  line(5199.3, 'N I'),
  line(5462.3, 'Hg', true),
  line(5578.9, 'O I', true),
  line(5891.6, 'Na', true),
  line(5897.6, 'Na'),
  line(6301.9, 'O I', true),
  line(6365.5, 'O I'),
  line(6866, 'OH'),
  line(6925.2, 'OH'),
  line(7278.4, 'OH'),
  line(7318.3, 'OH'),
  line(7342.8, 'OH', true),
  line(7752.6, 'OH'),
  line(7796.3, 'OH', true),
  line(7823.5, 'OH'),
  line(7915.9, 'OH'),
  line(7995.6, 'OH'),
  line(8346.9, 'OH'),
  line(8401.8, 'OH'),
  line(8432.4, 'OH', true),
  line(8467.7, 'OH'),
  line(8829.5, 'OH'),
  line(8888.3, 'OH', true),
  line(8922, 'OH'),
  line(9378.5, 'OH', true),
  line(9442.3, 'OH'),
  line(9479.4, 'OH'),
];

/** Isolated lines of the arc lamps, vacuum wavelengths, those among them at which the line widths are measured. */
export const LAMP_LINES: readonly MarkedLine[] = [
  line(4047.7, 'Hg', true),
  line(4078.8, 'Hg'),
  line(4359.6, 'Hg', true),
  line(4679.5, 'Cd'),
  line(4801.2, 'Cd', true),
  line(5087.2, 'Cd', true),
  line(5462.3, 'Hg', true),
  line(5771.2, 'Hg'),
  line(5854.1, 'Ne', true),
  line(6144.7, 'Ne'),
  line(6404, 'Ne', true),
  line(6508.3, 'Ne'),
  line(6931.4, 'Ne', true),
  line(7034.3, 'Ne'),
  line(7247.1, 'Ne', true),
  line(7386, 'Ar'),
  line(7637.2, 'Ar', true),
  line(7725.9, 'Ar'),
  line(7950.4, 'Ar'),
  line(8266.8, 'Ar', true),
  line(8302.6, 'Ne'),
  line(8379.9, 'Ne'),
  line(8497.7, 'Ne', true),
  line(8856.3, 'Ne'),
  line(9151.1, 'Ne', true),
  line(9668.1, 'Ne', true),
];

/** The lines to mark in an exposure of a flavor: those of the sky, of the arc lamps, or none. */
export function linesOf(flavor: string): readonly MarkedLine[] {
  if (flavor === 'arc') return LAMP_LINES;
  return flavor === 'science' || flavor === 'object' ? SKY_LINES : [];
}
