import type { Finding } from '#shared/domain/command-line.ts';

type Words = Omit<Finding, 'check'>;

export const good = (found: string): Words => ({ outcome: 'good', found, mend: '' });
export const warning = (found: string, mend: string): Words => ({ outcome: 'warning', found, mend });
export const fault = (found: string, mend: string): Words => ({ outcome: 'fault', found, mend });
export const unchecked = (found: string, mend: string): Words => ({ outcome: 'unchecked', found, mend });

/** One thing that is looked at; what it throws is a fault of that thing. */
export interface Check {
  name: string;
  look: () => Promise<Words> | Words;
  /** What to do where looking itself fails. */
  mend: string;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Looks at one thing after the other. */
export async function examine(checks: readonly Check[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, look, mend } of checks) {
    try {
      findings.push({ check: name, ...(await look()) });
    } catch (error) {
      findings.push({ check: name, ...fault(sentence(error), mend) });
    }
  }
  return findings;
}
