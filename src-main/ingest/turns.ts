/** What waits, by its sender: each sender has its turn, so that for one who sends without end he alone waits. */
export class Turns<T> {
  readonly #lines = new Map<string, T[]>();

  add(sender: string, item: T): void {
    const line = this.#lines.get(sender);
    if (line) line.push(item);
    else this.#lines.set(sender, [item]);
  }

  /** The oldest of the sender whose turn it is; undefined where nothing waits. */
  take(): T | undefined {
    for (const [sender, line] of this.#lines) {
      const item = line.shift();
      // Its next turn comes after everybody else's.
      this.#lines.delete(sender);
      if (line.length > 0) this.#lines.set(sender, line);
      return item;
    }
    return undefined;
  }
}
