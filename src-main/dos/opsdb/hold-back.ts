import type { DosExposure } from '../../domain/ports/dos-client.ts';
import type { ExposureRow } from './exposures.ts';

/** Exposures with so many newer ones are not waited for any more: their files will hardly come now. */
const NEWEST = 5;
/** Numbers that are remembered at most. */
const REMEMBERED = 2000;

/**
 * Which of the rows are reported now. Newer ones wait for one whose file is on its way, since who asks for what is newer
 * would never hear of it; after a while they are reported without it, and it comes later if its file does.
 */
export class HoldBack {
  readonly #patience: number;
  /** When a row without its file was seen first. */
  readonly #seen = new Map<number, number>();
  readonly #passed = new Set<number>();

  /** @param patience ms that others wait for one */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Numbers that were passed over and whose files may still come. */
  late(): number[] {
    return [...this.#passed];
  }

  /** @param rows ascending */
  reportable(rows: readonly ExposureRow[], now: number): DosExposure[] {
    const found: DosExposure[] = [];
    for (const [i, { exposure, complete }] of rows.entries()) {
      const { expid } = exposure;
      if (complete) {
        this.#seen.delete(expid);
        this.#passed.delete(expid);
        found.push(exposure);
        continue;
      }
      if (this.#passed.has(expid)) continue;
      const first = this.#seen.get(expid) ?? now;
      this.#seen.set(expid, first);
      if (rows.length - 1 - i < NEWEST && now - first < this.#patience) return found;
      this.#seen.delete(expid);
      this.#passed.add(expid);
      if (this.#passed.size > REMEMBERED) this.#passed.delete(Math.min(...this.#passed));
    }
    return found;
  }
}
