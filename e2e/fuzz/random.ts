/** Chance that can be repeated: the same words give the same choices. */
export interface Random {
  /** From 0 to 1, without 1. */
  unit(): number;
  /** From 0 to `below`, without it. */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** 32 bits of a text (FNV-1a). */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Marsaglia's xorshift in three words, begun from a hash. */
export function randomOf(...words: (string | number)[]): Random {
  const text = words.join('/');
  let a = hash(text) | 1;
  let b = hash(`${text}b`);
  let c = hash(`${text}c`);
  const next = (): number => {
    let t = a ^ (a << 10);
    t ^= t >>> 7;
    a = b;
    b = c;
    c = c ^ (c >>> 13) ^ t;
    return c >>> 0;
  };
  for (let i = 0; i < 8; i += 1) next();
  const unit = (): number => next() / 0x1_0000_0000;
  const int = (below: number): number => Math.floor(unit() * below);
  return {
    unit,
    int,
    chance: (probability) => unit() < probability,
    pick: <T>(list: readonly T[]): T => {
      const chosen = list[int(list.length)];
      if (chosen === undefined) throw new RangeError('nothing to choose from');
      return chosen;
    },
  };
}
