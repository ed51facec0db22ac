/**
 * Reads docs/security.md and says where it promises what no test proves: every row of its table of defences names what is
 * defended, how, and existing tests that run; every accepted finding of the tools says why.
 */
import { wrongReference } from './failure-table.mjs';
import { tablesIn } from './markdown-tables.mjs';

const DEFENCES = ['What', 'Defence', 'Test that tries to break it'];
const FINDINGS = ['Tool', 'Finding', 'Where', 'Judgement'];

/** What issue and threat model ask for; each has a row of its own. */
export const ITEMS = [
  'Sandbox, context isolation, no Node in the page',
  'App protocol',
  'Content policy',
  'Navigation, windows, webviews',
  'Permissions and downloads',
  'IPC calls',
  'Programs that run',
  'Secrets',
  'Single instance',
  'Web pages that post',
  'Credentials',
  'Rate limits',
  'Security headers',
  'Beyond this machine',
  'Remote view',
  'Exposure names and headers',
  'QA payloads',
  'Configuration files',
  'Log lines',
  'Exported nights',
  'Files that the desktop opens',
  'Data hosts',
  'Fuses and contents of packages',
];

const tableOf = (text, header) => tablesIn(text).find((table) => table.header.join('|') === header.join('|'));

/** What the tools may find, as docs/security.md judges it: tool, finding, and the file it is in. */
export function acceptedFindings(text) {
  return (tableOf(text, FINDINGS)?.rows ?? []).map(([tool, finding, where]) => ({
    tool,
    finding: finding.replaceAll('`', ''),
    where: where.replaceAll('`', ''),
  }));
}

/** Every complaint about `text`; tests are looked for under `root`. */
export function checkSecurityTable(root, text) {
  const complaints = [];
  const cache = new Map();
  const rows = tableOf(text, DEFENCES)?.rows ?? [];
  for (const item of ITEMS)
    if (rows.filter(([what]) => what === item).length !== 1) complaints.push(`${item}: has no row, or several`);
  for (const [what, defence, proof] of rows) {
    if (!ITEMS.includes(what)) complaints.push(`"${what}" is no item of the list`);
    if (defence.length < 20) complaints.push(`${what}: does not say how it is defended`);
    const references = [...proof.matchAll(/`([^`]+)`/g)].map(([, reference]) => reference);
    if (references.length === 0) complaints.push(`${what}: names no test`);
    for (const reference of references) {
      const wrong = wrongReference(root, reference, cache);
      if (wrong) complaints.push(`${what}: ${wrong}`);
    }
  }
  for (const [tool, finding, , judgement] of tableOf(text, FINDINGS)?.rows ?? [])
    if (!judgement || judgement.length < 20) complaints.push(`${tool}, ${finding.replaceAll('`', '')}: is not judged`);
  return complaints;
}
