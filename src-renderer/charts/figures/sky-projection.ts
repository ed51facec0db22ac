/** The celestial sphere on a plane by Mollweide's equal-area projection, right ascension growing to the left as on the sky. */

const RADIANS = Math.PI / 180;

/** Right ascension at the centre, deg: the survey's two caps lie left and right of it, whole. */
export const CENTRE_RA = 120;

/** Solves 2θ + sin 2θ = π sin δ by Newton's method. */
function auxiliaryAngle(dec: number): number {
  if (Math.abs(dec) >= 90) return (Math.sign(dec) * Math.PI) / 2;
  const goal = Math.PI * Math.sin(dec * RADIANS);
  let theta = dec * RADIANS;
  for (let i = 0; i < 30; i++) {
    const step = (2 * theta + Math.sin(2 * theta) - goal) / (2 + 2 * Math.cos(2 * theta));
    theta -= step;
    if (Math.abs(step) < 1e-12) break;
  }
  return theta;
}

/** Degrees east of the centre, −180 … 180. */
function eastOfCentre(ra: number): number {
  return ((((ra - CENTRE_RA + 180) % 360) + 360) % 360) - 180;
}

/**
 * @param ra right ascension, deg
 * @param dec declination, deg
 * @returns x −2 … 2 (east is left), y −1 … 1
 */
export function mollweide(ra: number, dec: number): { x: number; y: number } {
  const theta = auxiliaryAngle(dec);
  return { x: (-2 * eastOfCentre(ra) * Math.cos(theta)) / 180, y: Math.sin(theta) };
}

/** Points of the meridians (by right ascension, deg), parallels and the outline. */
export function graticule(): {
  meridians: { ra: number; line: [number, number][] }[];
  parallels: { dec: number; line: [number, number][] }[];
  outline: [number, number][];
} {
  const decs = Array.from({ length: 61 }, (_, i) => -90 + 3 * i);
  const at = (ra: number, dec: number): [number, number] => {
    const { x, y } = mollweide(ra, dec);
    return [x, y];
  };
  const edge = CENTRE_RA + 180;
  return {
    meridians: Array.from({ length: 11 }, (_, i) => {
      const ra = (edge + 30 * (i + 1)) % 360;
      return { ra, line: decs.map((dec) => at(ra, dec)) };
    }),
    parallels: [-60, -30, 0, 30, 60].map((dec) => {
      const { x, y } = mollweide(edge + 1e-6, dec);
      return {
        dec,
        line: [
          [x, y],
          [-x, y],
        ],
      };
    }),
    outline: [...decs.map((dec) => at(edge + 1e-6, dec)), ...[...decs].reverse().map((dec) => at(edge - 1e-6, dec))],
  };
}
