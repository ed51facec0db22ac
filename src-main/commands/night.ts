import Type from 'typebox';
import { NightReportSchema, type NightReport } from '#shared/domain/night-report.ts';
import type { Command } from './command.ts';
import { readNight, readOneOf, readPath } from './read-words.ts';
import { reportText } from './report-text.ts';
import { finishWork } from './work.ts';

export const EXPORT: Command = {
  name: 'export',
  usage: 'export NIGHT',
  summary: 'write a night as a folder that another QLF can take in',
  details:
    'Database, logs and QA files with their checksums, in a new folder qlf-night-NIGHT. An engine may run meanwhile.',
  positionals: [1, 1],
  options: [
    { name: 'into', value: 'FOLDER', words: 'where the new folder is made; default: here' },
    { name: 'products', value: null, words: 'with what the pipelines wrote: large' },
  ],
  value: Type.Object({ folder: Type.String(), words: Type.String() }),
  async run({ positionals: [text = ''], ...args }, world) {
    const night = readNight(text);
    const into = readPath(args.text('into') ?? '.', world.cwd);
    const done = await world.exportNight(night, args.flag('products'), into);
    return { value: done, text: `${done.words}\n` };
  },
};

export const IMPORT: Command = {
  name: 'import',
  usage: 'import FOLDER',
  summary: 'take in an exported night; what is here already stays as it is',
  details: 'The folder is checked whole before anything of it is taken in.',
  positionals: [1, 1],
  options: [],
  value: Type.Object({ folder: Type.String(), words: Type.String() }),
  async run({ positionals: [text = ''] }, world) {
    const folder = readPath(text, world.cwd);
    const writer = await world.writer();
    let words: string;
    if (writer.greeting) {
      await writer.call('night.import-from', { folder });
      words = await finishWork(writer, world);
    } else words = await world.importNight(folder);
    return { value: { folder, words }, text: `${words}\n` };
  },
};

const FORMATS = ['text', 'html', 'csv'] as const;

function rendered(report: NightReport, format: (typeof FORMATS)[number], world: Parameters<Command['run']>[1]): string {
  return format === 'text' ? reportText(report) : world.render(report, format);
}

export const REPORT: Command = {
  name: 'report',
  usage: 'report NIGHT',
  summary: 'the report of a night, as text, HTML or CSV',
  details: 'The PDF is made by the desktop application. With --json the whole report is the value.',
  positionals: [1, 1],
  options: [
    { name: 'format', value: FORMATS.join('|'), words: 'default: text' },
    { name: 'output', value: 'FILE', words: 'a new file in the place of standard output' },
    { name: 'replace', value: null, words: 'the file may be there already' },
  ],
  value: NightReportSchema,
  async run({ positionals: [text = ''], ...args }, world) {
    const night = readNight(text);
    const format = readOneOf('--format', args.text('format') ?? 'text', FORMATS);
    const output = args.text('output');
    const reader = await world.reader();
    const report = await reader.call('report.night', { night });
    const document = rendered(report, format, world);
    if (output === undefined) return { value: report, text: document };
    const file = readPath(output, world.cwd);
    await world.writeText(file, document, args.flag('replace'));
    return { value: report, text: `${file}\n` };
  },
};
