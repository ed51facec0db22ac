import { execFileSync, spawnSync } from 'node:child_process';

/** Debian's python3, which has astropy. */
const PYTHON = '/usr/bin/python3';

const PRELUDE = `
import json, sys, warnings
import numpy as np
from astropy.io import fits
args = sys.argv[1:]
`;

/** Runs a program over astropy (json, sys, np, fits, args at hand) and answers what it printed, read as JSON. */
export function astropy(program: string, ...args: string[]): unknown {
  const output = execFileSync(PYTHON, ['-c', PRELUDE + program, ...args], { maxBuffer: 2 ** 28, encoding: 'utf8' });
  return output === '' ? undefined : JSON.parse(output);
}

/** What fitsverify finds fault with in these files, warnings included; empty when it finds nothing. */
export function fitsverify(...files: string[]): string[] {
  const { stdout, error } = spawnSync('fitsverify', files, { encoding: 'utf8' });
  if (error) throw error;
  const verdicts = stdout.match(/Verification found \d+ warning\(s\) and \d+ error\(s\)/g) ?? [];
  if (verdicts.length !== files.length)
    return [`fitsverify judged ${verdicts.length} of ${files.length} files`, stdout];
  return stdout.split('\n').filter((line) => /^\s*\*\*\*\s*(Warning|Error)/.test(line));
}
