/** A narrow spectral line: wavelength in Angstrom (vacuum) and strength. */
export interface Line {
  readonly wave: number;
  /** Electrons per s in a fiber of unit throughput. */
  readonly rate: number;
}
