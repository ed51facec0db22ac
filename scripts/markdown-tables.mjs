const cells = (line) =>
  line
    .replace(/^\s*\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

/** The tables of a Markdown text, each with the last heading above it. */
export function tablesIn(text) {
  const tables = [];
  let heading = '';
  let open = false;
  for (const line of text.split('\n')) {
    const title = /^#+ (.*)$/.exec(line)?.[1];
    if (title !== undefined) heading = title.trim();
    if (!line.startsWith('|')) {
      open = false;
    } else if (!open) {
      tables.push({ heading, header: cells(line), rows: [] });
      open = true;
    } else if (!/^\|[\s:|-]+\|$/.test(line)) {
      tables.at(-1).rows.push(cells(line));
    }
  }
  return tables;
}
