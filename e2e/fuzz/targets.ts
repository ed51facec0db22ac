import { headerTarget, hduTarget, riceTarget, tilesTarget } from './fits-targets.ts';
import type { FuzzTarget } from './target.ts';
import { knownHostsTarget, logTarget, mergedQaTarget, yamlTarget } from './text-targets.ts';
import { wireTarget } from './wire-target.ts';

/** All readers of what comes from outside, and how many of a hundred inputs each is given. */
export const TARGETS: Readonly<Record<string, { open: () => FuzzTarget; share: number }>> = {
  wire: { open: wireTarget, share: 12 },
  header: { open: headerTarget, share: 13 },
  hdus: { open: hduTarget, share: 12 },
  rice: { open: riceTarget, share: 14 },
  log: { open: logTarget, share: 16 },
  yaml: { open: yamlTarget, share: 3 },
  'merged-qa': { open: mergedQaTarget, share: 10 },
  'known-hosts': { open: knownHostsTarget, share: 12 },
  tiles: { open: tilesTarget, share: 8 },
};
