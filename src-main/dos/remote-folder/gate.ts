/** Lets so many in at once, the others one after the other. Resolves to what has to be called when leaving. */
export function createGate(most: number): () => Promise<() => void> {
  let inside = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else inside -= 1;
  };
  return () =>
    new Promise((resolve) => {
      const enter = (): void => resolve(leave);
      if (inside >= most) {
        waiting.push(enter);
        return;
      }
      inside += 1;
      enter();
    });
}
