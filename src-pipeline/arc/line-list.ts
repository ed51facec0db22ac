import type { Arm } from '#shared/domain/camera.ts';
import type { Json } from '#shared/domain/measurement.ts';

/**
 * Isolated lines of the Hg, Cd, Ar and Ne lamps by which the resolution of an arm is measured, vacuum wavelengths in Å
 * (NIST), ascending: the choice of desispec 0.31.
 */
const GOOD_LINES: Readonly<Record<Arm, readonly number[]>> = {
  b: [
    3611.5375, 3651.198, 3655.883, 3664.327, 4047.708, 4078.988, 4359.56, 4679.4587, 4801.254, 5087.2393, 5462.268,
    5771.21, 5792.276, 5854.1101, 5874.4552, 5883.5252, 5946.481,
  ],
  r: [
    5771.21, 5792.276, 5854.1101, 5874.4552, 5883.5252, 5946.481, 5967.1235, 6031.6666, 6097.8506, 6404.018, 6440.249,
    6680.1205, 6931.3787, 7034.352, 7175.9154, 7247.1631, 7386.014, 7440.9469, 7490.9335, 7537.8488, 7637.208, 7725.887,
  ],
  z: [
    7440.9469, 7490.9335, 7537.8488, 7637.208, 7725.887, 7945.3654, 8138.6432, 8497.6932, 8593.6184, 8786.166, 9125.471,
    9151.1829, 9204.2841, 9227.03, 9427.9655, 9536.7793, 9660.435, 9668.0709, 9787.186,
  ],
};

/** Lines from the option `Linelist`, ascending, or those of the arm. */
export function arcLines(options: Readonly<Record<string, Json>>, arm: Arm): readonly number[] {
  const list = options['Linelist'];
  if (list === undefined || list === null) return GOOD_LINES[arm];
  if (!Array.isArray(list) || !list.every((line) => typeof line === 'number')) {
    throw new Error('Linelist must be a list of wavelengths in Å');
  }
  return list.slice().sort((a, b) => a - b);
}
