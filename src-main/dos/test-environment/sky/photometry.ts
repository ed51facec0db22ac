import { GRID_LENGTH, GRID_START, GRID_STEP, type TemplateSpectrum } from './templates.ts';

/** DECam bands through which targets are selected. */
export const BANDS = ['g', 'r', 'z'] as const;
export type Band = (typeof BANDS)[number];

/**
 * Total response of the DECam bands with the atmosphere, thinned to a few nodes (Å, fraction) from the published
 * measurement of 2014; enough for the magnitudes of smooth spectra.
 */
const RESPONSES: Readonly<Record<Band, readonly (readonly [number, number])[]>> = {
  g: [
    [3410, 0.0],
    [3940, 0.004],
    [3950, 0.012],
    [3980, 0.12],
    [4020, 0.147],
    [4390, 0.243],
    [4710, 0.299],
    [5440, 0.376],
    [5450, 0.323],
    [5460, 0.325],
    [5490, 0.063],
    [5500, 0.065],
    [5510, 0.013],
    [5540, 0.002],
    [10980, 0.0],
  ],
  r: [
    [3330, 0.0],
    [5580, 0.011],
    [5620, 0.024],
    [5640, 0.057],
    [5660, 0.165],
    [5680, 0.33],
    [5700, 0.407],
    [5710, 0.414],
    [5840, 0.446],
    [5900, 0.438],
    [6200, 0.477],
    [6270, 0.478],
    [6280, 0.464],
    [6420, 0.5],
    [6830, 0.526],
    [6860, 0.524],
    [6870, 0.454],
    [6910, 0.5],
    [6970, 0.521],
    [7040, 0.525],
    [7080, 0.509],
    [7100, 0.466],
    [7120, 0.481],
    [7140, 0.402],
    [7160, 0.224],
    [7180, 0.08],
    [7200, 0.056],
    [7210, 0.093],
    [7220, 0.008],
    [7260, 0.002],
    [10990, 0.0],
  ],
  z: [
    [3330, 0.0],
    [8060, 0.0],
    [8300, 0.003],
    [8330, 0.021],
    [8340, 0.005],
    [8380, 0.009],
    [8440, 0.041],
    [8450, 0.093],
    [8460, 0.089],
    [8470, 0.185],
    [8480, 0.181],
    [8490, 0.322],
    [8500, 0.318],
    [8510, 0.45],
    [8520, 0.447],
    [8530, 0.514],
    [8540, 0.515],
    [8550, 0.542],
    [8890, 0.565],
    [9010, 0.506],
    [9040, 0.544],
    [9090, 0.507],
    [9120, 0.514],
    [9130, 0.499],
    [9200, 0.539],
    [9260, 0.518],
    [9290, 0.477],
    [9340, 0.343],
    [9350, 0.337],
    [9370, 0.337],
    [9380, 0.36],
    [9390, 0.418],
    [9410, 0.408],
    [9430, 0.35],
    [9440, 0.347],
    [9510, 0.392],
    [9520, 0.379],
    [9540, 0.4],
    [9560, 0.39],
    [9570, 0.416],
    [9660, 0.419],
    [9690, 0.447],
    [9910, 0.388],
    [9950, 0.34],
    [9990, 0.174],
    [10000, 0.184],
    [10010, 0.091],
    [10030, 0.04],
    [10070, 0.006],
    [10980, 0.0],
  ],
};

/** Flux density of one nanomaggie: 3.631×10⁻²⁹ erg/s/cm²/Hz · c, in 10⁻¹⁷ erg/s/cm²/Å · Å². */
const NANOMAGGY = 1.08852e7;

interface BandWeights {
  /** Response times wavelength on the template grid. */
  readonly weight: Float64Array;
  /** What a source of one nanomaggie gives with these weights, in 10⁻¹⁷ erg/s/cm²/Å. */
  readonly norm: number;
}

const WEIGHTS: Readonly<Record<Band, BandWeights>> = { g: weightsOf('g'), r: weightsOf('r'), z: weightsOf('z') };

/** AB flux of a spectrum (10⁻¹⁷ erg/s/cm²/Å) in a band, nanomaggies: photons through the filter over those of 3631 Jy. */
export function fluxInBand(spectrum: TemplateSpectrum, band: Band): number {
  const { weight, norm } = WEIGHTS[band];
  let sum = 0;
  for (let i = 0; i < GRID_LENGTH; i++) sum += spectrum[i]! * weight[i]!;
  return sum / norm;
}

/** Nanomaggies of an AB magnitude. */
export function nanomaggies(magnitude: number): number {
  return 10 ** (-0.4 * (magnitude - 22.5));
}

function weightsOf(band: Band): BandWeights {
  const weight = new Float64Array(GRID_LENGTH);
  let norm = 0;
  for (let i = 0; i < GRID_LENGTH; i++) {
    const wave = GRID_START + i * GRID_STEP;
    weight[i] = response(RESPONSES[band], wave) * wave;
    norm += (weight[i]! * NANOMAGGY) / (wave * wave);
  }
  return { weight, norm };
}

function response(nodes: readonly (readonly [number, number])[], wave: number): number {
  for (let i = 1; i < nodes.length; i++) {
    const [w0, r0] = nodes[i - 1]!;
    const [w1, r1] = nodes[i]!;
    if (wave >= w0 && wave < w1) return r0 + ((r1 - r0) * (wave - w0)) / (w1 - w0);
  }
  return 0;
}
