/** One `key = value` of a file in the manner of Python's configparser. */
export interface IniEntry {
  /** From 1. */
  line: number;
  /** Of the section above; empty where there is none. */
  section: string;
  /** Lower case, as configparser reads it. */
  key: string;
  value: string;
}

/**
 * Reads such a file line by line: sections, `key = value` or `key: value`, comments in lines of their own, values that go on in
 * indented lines.
 * @returns what was read, and the lines that say nothing that could be read
 */
export function readIni(text: string): { entries: IniEntry[]; strange: { line: number; text: string }[] } {
  const entries: IniEntry[] = [];
  const strange: { line: number; text: string }[] = [];
  let section = '';
  let last: IniEntry | undefined;
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .forEach((whole, index) => {
      const line = index + 1;
      const content = whole.trim();
      if (content === '' || content.startsWith('#') || content.startsWith(';')) return;
      if (last && /^\s/.test(whole)) {
        last.value = `${last.value}\n${content}`.trim();
        return;
      }
      const [, name] = /^\[([^\]]+)\]$/.exec(content) ?? [];
      if (name !== undefined) {
        section = name.trim();
        last = undefined;
        return;
      }
      const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(content) ?? [];
      if (key === undefined || value === undefined) {
        strange.push({ line, text: content });
        last = undefined;
        return;
      }
      last = { line, section, key: key.toLowerCase(), value };
      entries.push(last);
    });
  return { entries, strange };
}
