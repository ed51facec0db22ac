import type { Alarm, AlarmKind } from '#shared/domain/alarm.ts';
import { listed } from './format.ts';

/** What is behind an alarm, most likely, and what to do about it, in order. */
export interface Guidance {
  cause: string;
  todo: readonly string[];
}

const where = ({ cameras, amplifiers }: Alarm): string =>
  `${cameras.length > 3 ? `${cameras.length} cameras` : listed(cameras)}${amplifiers.length > 0 ? ` ${listed(amplifiers)}` : ''}`;

const GUIDANCE: Readonly<Record<AlarmKind, (alarm: Alarm) => Guidance>> = {
  'amplifier-dead': (alarm) => ({
    cause: `The amplifier gives neither noise nor light: ${where(alarm)} is not read out, or its cable has come loose.`,
    todo: [
      'Look at the raw image: the quadrant is flat.',
      'Restart the CCD controller between exposures, then take one zero.',
      'If it stays dead, call the spectrograph engineer; the fibers of this quadrant are lost.',
    ],
  }),
  'amplifier-noise': (alarm) => ({
    cause:
      alarm.cameras.length > 5
        ? 'Pick-up in the electronics that many cameras have in common, or a readout mode that is not the usual one.'
        : `Pick-up or a loose video cable at ${where(alarm)}; only its overscan is noisier than its limit.`,
    todo: [
      'Take one zero when this exposure ends.',
      'If the noise stays above its limit, call the spectrograph engineer.',
      'Go on observing: only the fibers of this quadrant lose S/N.',
    ],
  }),
  'amplifier-bias': (alarm) => ({
    cause: `The bias level of ${where(alarm)} has moved: a voltage has changed, or the CCD was not cleared.`,
    todo: [
      'Compare with the trend of the night: a jump or a drift?',
      'Take one zero; data stay good as long as the overscan follows the level.',
      'If it jumps again, call the spectrograph engineer.',
    ],
  }),
  'amplifier-saturated': (alarm) => ({
    cause: `Stray light or charge fills ${where(alarm)}: nearly every pixel is at the top of the converter.`,
    todo: [
      'Look for a lamp, an open door or a bright star in the field.',
      'Stop the exposure if light still falls in; take a dark to see whether charge remains.',
      'The fibers of this quadrant cannot be used in this exposure.',
    ],
  }),
  'amplifier-light': (alarm) => ({
    cause: `Another part of ${where(alarm)} is lit than usual: light leaks in, or light is missing on one side.`,
    todo: ['Look at the CCD image beside one of the exposure before.', 'Check for lamps and open hatches.'],
  }),
  focus: (alarm) => ({
    cause: `Lines are wider than they should be: ${where(alarm)} is out of focus, or its temperature has changed. Other metrics follow from it.`,
    todo: [
      'Compare with the same camera in the exposure before.',
      'Check the temperature and the focus mechanism of the spectrograph.',
      'Take an arc; refocus before the next long exposure.',
    ],
  }),
  traces: (alarm) => ({
    cause: `The traces of ${where(alarm)} have moved against the calibration: something mechanical or the temperature.`,
    todo: [
      'Look at the trend of the shift: sudden or slow?',
      'The pipeline follows shifts below a pixel; take an arc and a flat before the shift grows.',
      'If several arms of one spectrograph moved, check what they have in common.',
    ],
  }),
  fibers: (alarm) => ({
    cause:
      alarm.cameras.length > 3
        ? 'Fibers have lost their light in many cameras: dust cover, positioners that did not arrive, or a pointing error.'
        : 'Fibers of this spectrograph have lost their light: positioners that did not arrive, or a damaged bundle.',
    todo: [
      'See on the focal plane whether they lie together.',
      'Compare the arms: a fiber that is dark in all of them is lost before the spectrograph.',
      'Note the fibers for the day; go on if few are concerned.',
    ],
  }),
  'fiber-flat': () => ({
    cause: 'The lamps gave another illumination than usual, or fibers have changed their throughput.',
    todo: ['Repeat the flat once.', 'If it stays, check the lamps and the dome screen.'],
  }),
  'bright-sky': () => ({
    cause: 'The sky is brighter than this program expects: moonlight, twilight, or light from the ground.',
    todo: [
      'Check the moon and the time to twilight.',
      'Change to a brighter program if it stays.',
      'Look for lamps in the dome.',
    ],
  }),
  cloud: () => ({
    cause: 'Clouds: the targets lose light in all cameras while the instrument is as it was.',
    todo: [
      'Look at the all-sky camera and the guider\u2019s transparency.',
      'Wait or change the field; this exposure may have to be repeated.',
      'The alarm goes when two exposures are good again.',
    ],
  }),
  throughput: (alarm) => ({
    cause: `${where(alarm)} gets less light of its targets than the others: focus, shutter, or a part of the field behind clouds.`,
    todo: [
      'Compare with the other spectrographs on the focal plane.',
      'Check the shutter and the Hartmann doors of this spectrograph.',
    ],
  }),
  metric: (alarm) => ({
    cause: `${alarm.keys.join(', ')} of ${where(alarm)} is outside its limits and nothing upstream explains it.`,
    todo: ['Look at the metric and its history.', 'Repeat the camera once; call the support astronomer if it stays.'],
  }),
  'wrong-exposure': () => ({
    cause: 'The file is not the one that its name says: header and exposure number differ.',
    todo: [
      'Ask the DOS for the file again, then process the exposure again.',
      'Tell the DOS operator: two exposures may have been mixed up.',
    ],
  }),
  'damaged-file': () => ({
    cause: 'The raw file ends early or is damaged: the transfer was broken off, or the disk of the DOS is full.',
    todo: [
      'Process the exposure again: the file is fetched anew.',
      'If it is damaged at the source, tell the DOS operator.',
    ],
  }),
  'missing-camera': (alarm) => ({
    cause: `${where(alarm)} is expected, but not in the file: switched off, or its readout has failed.`,
    todo: [
      'Check the state of the camera at the instrument console.',
      'If it is off on purpose, say so: mark it as not expected.',
      'Else restart its controller before the next exposure.',
    ],
  }),
  'failed-job': () => ({
    cause: 'The pipeline ended before its results were complete. The log says where.',
    todo: [
      'Retry the camera once.',
      'If it fails again, read its log and tell the pipeline people. The data are kept.',
    ],
  }),
  'failed-exposure': () => ({
    cause: 'The exposure could not be prepared for processing.',
    todo: ['Process it again.', 'If it fails again, look at the file and at the engine\u2019s log.'],
  }),
  'contact-dos': () => ({
    cause: 'The DOS does not answer: network, or the system itself. New exposures cannot be seen.',
    todo: ['Check whether the telescope still exposes.', 'Check the network and the DOS; QLF keeps trying.'],
  }),
  'contact-transfer': () => ({
    cause: 'Files cannot be brought over: network, permissions, or a full disk.',
    todo: ['Read the reason above.', 'Check the link and the disk; then process the exposure again.'],
  }),
  'contact-ingest': () => ({
    cause: 'Pipelines cannot post their results to QLF.',
    todo: ['Check the port in the settings.', 'Results are kept by the jobs and posted later.'],
  }),
  disk: () => ({
    cause: 'Raw and reduced files fill the disk of the data folder.',
    todo: ['Let old nights be cleaned, or make room.', 'A full disk stops processing, not the telescope.'],
  }),
};

export function guidanceOf(alarm: Alarm): Guidance {
  return GUIDANCE[alarm.kind](alarm);
}
