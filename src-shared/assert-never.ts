/** Closes an exhaustive switch: a new member of the union becomes a type error here, and a clear throw at run time. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
