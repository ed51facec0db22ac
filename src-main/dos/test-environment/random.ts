/**
 * Seeded random numbers. Everything that the emulated telescope draws comes from here, so the same keys always give the
 * same bytes. Generator: sfc32 (C. Doty-Humphrey's small fast counting generator, 128 bits of state).
 * Normal deviates: the ziggurat of Marsaglia and Tsang with 128 layers, where layer, sign and value use separate bits.
 */

const LAYERS = 128;
/** Start of the tail and area of one layer, for 128 layers. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const SCALE = 2 ** 24;

/** |value| below `INSIDE[i]` is accepted at once; `WIDTH[i]` turns a 24-bit integer into a deviate. */
const INSIDE = new Float64Array(LAYERS);
const WIDTH = new Float64Array(LAYERS);
const HEIGHT = new Float64Array(LAYERS);

function fillLayers(): void {
  let edge = TAIL;
  let previous = TAIL;
  const bottom = AREA / Math.exp(-0.5 * TAIL * TAIL);
  INSIDE[0] = (edge / bottom) * SCALE;
  INSIDE[1] = 0;
  WIDTH[0] = bottom / SCALE;
  WIDTH[LAYERS - 1] = edge / SCALE;
  HEIGHT[0] = 1;
  HEIGHT[LAYERS - 1] = Math.exp(-0.5 * edge * edge);
  for (let i = LAYERS - 2; i >= 1; i--) {
    edge = Math.sqrt(-2 * Math.log(AREA / edge + Math.exp(-0.5 * edge * edge)));
    INSIDE[i + 1] = (edge / previous) * SCALE;
    previous = edge;
    HEIGHT[i] = Math.exp(-0.5 * edge * edge);
    WIDTH[i] = edge / SCALE;
  }
}
fillLayers();

/** A stream of random numbers that is fully determined by its keys. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** Different keys (in number, kind or order) give independent streams. */
  constructor(...keys: readonly (string | number)[]) {
    const [a, b, c] = hash(keys.map((key) => `${typeof key} ${key}`).join('\n'));
    this.a = a;
    this.b = b;
    this.c = c;
    for (let i = 0; i < 16; i++) this.next();
  }

  /** 32 random bits as a signed integer. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum;
  }

  /** Uniform in [0, 1), 32 bits. */
  uniform(): number {
    return (this.next() >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Integer from 0 up to, not including, `limit`. */
  integer(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Normal deviate of mean 0 and standard deviation 1. */
  normal(): number {
    for (;;) {
      const bits = this.next();
      const layer = bits & 127;
      // 25 signed bits: 24 of value and the sign.
      const value = bits >> 7;
      const size = value < 0 ? -value : value;
      const deviate = value * WIDTH[layer]!;
      if (size < INSIDE[layer]!) return deviate;
      if (layer === 0) return value < 0 ? -this.tail() : this.tail();
      const low = HEIGHT[layer]!;
      if (low + this.uniform() * (HEIGHT[layer - 1]! - low) < Math.exp(-0.5 * deviate * deviate)) return deviate;
    }
  }

  /** Number of events of a Poisson process; by its normal limit above a mean of 30. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count += 1;
    return count;
  }

  /** Fisher–Yates; returns the same array. */
  shuffle<T>(values: T[]): T[] {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = values[i]!;
      values[i] = values[j]!;
      values[j] = kept;
    }
    return values;
  }

  private tail(): number {
    for (;;) {
      const x = -Math.log(1 - this.uniform()) / TAIL;
      const y = -Math.log(1 - this.uniform());
      if (y + y > x * x) return TAIL + x;
    }
  }
}

/** Three well-mixed words from text: FNV-1a, then a 32-bit finaliser per word. */
function hash(text: string): [number, number, number] {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [word(), word(), word()];
}
