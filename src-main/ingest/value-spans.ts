/** Start and end (exclusive) of a piece of text. */
export type Span = readonly [number, number];

const CODE = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  open: 0x5b,
  backslash: 0x5c,
  close: 0x5d,
  begin: 0x7b,
  end: 0x7d,
};

/** Finds its way through a text that is known to be JSON. */
class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The code of the next character that is no white space. */
  next(): number {
    while (this.#text.charCodeAt(this.at) <= 0x20) this.at += 1;
    return this.#code();
  }

  /** The code of the character here. In a text that is no JSON after all, the way ends at its end. */
  #code(): number {
    if (this.at >= this.#text.length) throw new SyntaxError('the text ends too early');
    return this.#text.charCodeAt(this.at);
  }

  /** Passes a string and answers it as it is meant, its escapes read. */
  string(): string {
    const start = this.at;
    this.#skipString();
    const raw = this.#text.slice(start, this.at);
    return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  }

  /** Passes any value. */
  skip(): Span {
    const first = this.next();
    const start = this.at;
    if (first === CODE.quote) this.#skipString();
    else if (first === CODE.open || first === CODE.begin) this.#skipNested();
    else this.#skipWord();
    return [start, this.at];
  }

  /** Visits the members of the object that comes next; `visit` passes the member's value. */
  members(visit: (name: string) => void): void {
    this.at += 1;
    while (this.next() !== CODE.end) {
      if (this.next() === CODE.comma) this.at += 1;
      this.next();
      const name = this.string();
      this.next();
      this.at += 1;
      this.next();
      visit(name);
    }
    this.at += 1;
  }

  /** Visits the items of the list that comes next. */
  items(visit: () => void): void {
    this.at += 1;
    while (this.next() !== CODE.close) {
      if (this.next() === CODE.comma) this.at += 1;
      this.next();
      visit();
    }
    this.at += 1;
  }

  #skipString(): void {
    this.at += 1;
    for (;;) {
      const code = this.#code();
      this.at += code === CODE.backslash ? 2 : 1;
      if (code === CODE.quote) return;
    }
  }

  /**
   * A list or an object: to the bracket that closes it. A regular expression leaps over the numbers between, of which most of a
   * post consists, ten times faster than a look at each character.
   */
  #skipNested(): void {
    const mark = /["[\]{}]/g;
    let depth = 0;
    do {
      mark.lastIndex = this.at;
      if (!mark.test(this.#text)) throw new SyntaxError('a bracket is not closed');
      this.at = mark.lastIndex - 1;
      const code = this.#text.charCodeAt(this.at);
      if (code === CODE.quote) {
        this.#skipString();
        continue;
      }
      depth += code === CODE.open || code === CODE.begin ? 1 : -1;
      this.at += 1;
    } while (depth > 0);
  }

  /** Whether more than `max` brackets are open at once anywhere. @throws SyntaxError where a string does not end */
  isDeeper(max: number): boolean {
    const mark = /["[\]{}]/g;
    let depth = 0;
    while (depth <= max && mark.test(this.#text)) {
      this.at = mark.lastIndex - 1;
      const code = this.#code();
      if (code === CODE.quote) {
        this.#skipString();
        mark.lastIndex = this.at;
      } else depth += code === CODE.open || code === CODE.begin ? 1 : -1;
    }
    return depth > max;
  }

  /** A number, true, false or null. */
  #skipWord(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.at);
      // Ends at white space, a comma, a closing bracket, or the end of the text (NaN compares false).
      if (!(code > 0x20) || code === CODE.comma || code === CODE.close || code === CODE.end) return;
      this.at += 1;
    }
  }
}

/**
 * Where the values of `measurements` stand in the text of a post, so that they are kept as they were sent. Of members that
 * come twice the last counts, as in JSON.parse.
 * @param text of a post that has been parsed and fits its schema
 */
export function valueSpans(text: string): Span[] {
  const scanner = new Scanner(text);
  let spans: Span[] = [];
  scanner.next();
  scanner.members((name) => {
    // Of members that come twice only the last has been checked: the others may be anything.
    if (name === 'measurements') spans = [];
    if (name !== 'measurements' || scanner.next() !== CODE.open) {
      scanner.skip();
      return;
    }
    scanner.items(() => {
      if (scanner.next() !== CODE.begin) {
        scanner.skip();
        return;
      }
      let value: Span = [0, 0];
      scanner.members((member) => {
        const span = scanner.skip();
        if (member === 'value') value = span;
      });
      spans.push(value);
    });
  });
  return spans;
}

/** Whether a text, JSON or not, nests deeper than `max`: to parse a million brackets costs more than all else of a post. */
export function isNestedDeeper(text: string, max: number): boolean {
  try {
    return new Scanner(text).isDeeper(max);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
