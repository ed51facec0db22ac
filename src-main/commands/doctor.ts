import { DoctorReportSchema, type DoctorReport, type Finding } from '#shared/domain/command-line.ts';
import type { Command } from './command.ts';

const MARKS: Readonly<Record<Finding['outcome'], string>> = {
  good: 'ok      ',
  warning: 'WARNING ',
  fault: 'FAULT   ',
  unchecked: '?       ',
};

function wordsOf({ healthy, data, findings }: DoctorReport): string {
  const wide = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, outcome, found, mend }) => [
    `${MARKS[outcome]}${check.padEnd(wide)}  ${found}`,
    ...(mend === '' ? [] : [`${' '.repeat(10 + wide)}→ ${mend}`]),
  ]);
  const faults = findings.filter(({ outcome }) => outcome === 'fault').length;
  const end = healthy ? 'QLF has all that it needs.' : `${faults} of ${findings.length} checks found a fault.`;
  return `${data}\n${lines.join('\n')}\n${end}\n`;
}

export const DOCTOR: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary: 'look at everything that QLF needs, and say how to mend what is wrong',
  details: 'Changes nothing. Warnings leave the exit status at 0; a fault makes it 1.',
  positionals: [0, 0],
  options: [],
  value: DoctorReportSchema,
  async run(_args, world) {
    const findings = await world.doctor();
    const healthy = findings.every(({ outcome }) => outcome !== 'fault');
    const report: DoctorReport = { healthy, data: world.root, source: world.source, findings };
    return { value: report, text: wordsOf(report), outcome: healthy ? 'ok' : 'failed' };
  },
};
