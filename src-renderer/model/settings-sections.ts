/** Places of the settings, in their groups. */
export const SETTINGS_SECTIONS = [
  {
    id: 'configuration',
    group: 'Judging',
    title: 'QL configuration',
    words:
      'pipeline steps algorithms yaml parameters science arc flat bias dark program version restore qa extraction sky',
  },
  {
    id: 'thresholds',
    group: 'Judging',
    title: 'Thresholds',
    words: 'limits warning alarm range reference amplifier camera metric preview rules',
  },
  {
    id: 'cameras',
    group: 'Judging',
    title: 'Cameras expected',
    words: 'spectrograph missing not expected off shut down auto',
  },
  {
    id: 'processing',
    group: 'Judging',
    title: 'What is processed',
    words: 'flavors science arcs flats biases darks catch up superseded idle',
  },
  {
    id: 'alarms',
    group: 'Judging',
    title: 'Alarms, sounds',
    words: 'acknowledge shelve mute sound level test notification desktop delay hysteresis disk full',
  },
  {
    id: 'nights',
    group: 'Running',
    title: 'DOS and folders',
    words:
      'source raw folder data test environment exposure period poll adapter calibration connect wizard ssh host key password passphrase database',
  },
  {
    id: 'transfer',
    group: 'Running',
    title: 'Transfer',
    words: 'rsync ssh sftp local copy verify checksum resume bandwidth limit rate stall retry',
  },
  {
    id: 'executor',
    group: 'Running',
    title: 'Executor',
    words: 'pipeline program desi_quicklook desi_qproc command jobs parallel timeout heartbeat arguments environment',
  },
  { id: 'ingest', group: 'Running', title: 'Ingest', words: 'http port endpoint users password api post credentials' },
  {
    id: 'remote',
    group: 'Running',
    title: 'Remote view',
    words: 'browser elsewhere network token role viewer observer engineer tls https certificate audit sign in revoke',
  },
  {
    id: 'storage',
    group: 'Running',
    title: 'Storage and cleaning',
    words: 'disk space free full limit database backup restore cleaning retention night export import',
  },
  {
    id: 'appearance',
    group: 'This desk',
    title: 'Appearance',
    words: 'theme dark light red size scale zoom text name observer',
  },
  {
    id: 'diagnostics',
    group: 'This desk',
    title: 'Diagnostics',
    words: 'bundle help logs support health metrics prometheus monitoring archive fault',
  },
  { id: 'about', group: 'This desk', title: 'About', words: 'version keyboard shortcuts licence electron' },
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]['id'];
export type SettingsEntry = (typeof SETTINGS_SECTIONS)[number];

/** The places that a search finds: every word of it is somewhere in their title or their words. */
export function sectionsFor(search: string): readonly SettingsEntry[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return SETTINGS_SECTIONS.filter(({ title, words, group }) => {
    const text = `${title} ${words} ${group}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
