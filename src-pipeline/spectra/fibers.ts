import { CLASS_MASK, type TargetClass } from '#shared/domain/target-class.ts';
import type { FiberMap } from '../types.ts';

/** Classes that a program's exposures are judged by, in the order of the configuration's references. */
const PROGRAM_CLASSES: Readonly<Record<string, readonly TargetClass[]>> = {
  dark: ['ELG', 'LRG', 'QSO', 'STAR'],
  gray: ['ELG', 'STAR'],
  bright: ['BGS', 'MWS', 'STAR'],
};

/** @throws Error for a program without classes */
export function classesOfProgram(program: string | null): readonly TargetClass[] {
  const classes = program === null ? undefined : PROGRAM_CLASSES[program];
  if (classes === undefined) throw new Error(`knows no target classes of program ${program ?? '(none in the header)'}`);
  return classes;
}

/** Indices, within the camera's first `nspec` fibers, of the targets of a class; a fiber may be of several. */
export function fibersOfClass(fibermap: FiberMap, nspec: number, name: TargetClass): number[] {
  const mask = CLASS_MASK[name];
  const found: number[] = [];
  for (let f = 0; f < Math.min(nspec, fibermap.n); f++) if ((fibermap.desiTarget[f]! & mask) !== 0n) found.push(f);
  return found;
}

/** Indices, within the camera's first `nspec` fibers, of those with OBJTYPE SKY. */
export function skyFibers(fibermap: FiberMap, nspec: number): number[] {
  const found: number[] = [];
  for (let f = 0; f < Math.min(nspec, fibermap.n); f++) if (fibermap.objtype[f] === 'SKY') found.push(f);
  return found;
}

/** As {@link skyFibers}. @throws Error when there are none */
export function requireSkyFibers(fibermap: FiberMap, nspec: number): number[] {
  const found = skyFibers(fibermap, nspec);
  if (found.length === 0) throw new Error('the fibermap has no sky fibers for this camera');
  return found;
}
