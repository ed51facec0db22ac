/** A list of numbers that only grows, without an object a number: a million of them are 8 MB. */
export class GrowingList {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(2 * this.#length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length++] = value;
  }

  /** The value at a place; NaN beyond the end. */
  at(place: number): number {
    return place >= 0 && place < this.#length ? (this.#values[place] ?? Number.NaN) : Number.NaN;
  }

  /** Of a rising list: how many values are below another. */
  below(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
