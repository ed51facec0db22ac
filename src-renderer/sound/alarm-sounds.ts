import type { AlarmAnnouncement, AlarmFamily } from '#shared/domain/alarm.ts';

/** One note: when it begins and how long it rings, s; its pitch, Hz. */
export interface Note {
  at: number;
  length: number;
  pitch: number;
}

/** How a family sounds: struck wood for data, a low reed for machinery, a soft tone for contact. */
export interface Voice {
  /** Partials over the pitch: [multiple, share of the level]. */
  partials: readonly (readonly [number, number])[];
  /** s until the tone is full, and its wave. */
  attack: number;
  wave: OscillatorType;
  /** Struck: it dies away from the first moment; else it holds until near its end. */
  struck: boolean;
}

const VOICES: Readonly<Record<AlarmFamily, Voice>> = {
  data: {
    partials: [
      [1, 1],
      [4, 0.22],
    ],
    attack: 0.004,
    wave: 'sine',
    struck: true,
  },
  machinery: {
    partials: [
      [1, 0.75],
      [2, 0.2],
    ],
    attack: 0.02,
    wave: 'triangle',
    struck: false,
  },
  contact: { partials: [[1, 0.8]], attack: 0.18, wave: 'sine', struck: false },
};

/** Two notes, rising for data and falling for machinery; one long tone for contact. Worse has a third note. */
const TUNES: Readonly<Record<AlarmFamily, readonly Note[]>> = {
  data: [
    { at: 0, length: 0.34, pitch: 659 },
    { at: 0.16, length: 0.42, pitch: 880 },
    { at: 0.32, length: 0.5, pitch: 1175 },
  ],
  machinery: [
    { at: 0, length: 0.22, pitch: 587 },
    { at: 0.24, length: 0.26, pitch: 466 },
    { at: 0.52, length: 0.3, pitch: 415 },
  ],
  contact: [
    { at: 0, length: 0.62, pitch: 440 },
    { at: 0.64, length: 0.3, pitch: 440 },
  ],
};

/** The notes of an announcement: all under a second, between 400 and 1600 Hz. */
export function notesOf(family: AlarmFamily, why: AlarmAnnouncement['why']): readonly Note[] {
  const tune = TUNES[family];
  return why === 'worse' ? tune : tune.slice(0, -1);
}

function ring(context: AudioContext, out: AudioNode, { partials, attack, wave, struck }: Voice, note: Note): void {
  const begin = context.currentTime + 0.02 + note.at;
  const end = begin + note.length;
  for (const [multiple, share] of partials) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = wave;
    oscillator.frequency.value = note.pitch * multiple;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(share, begin + attack);
    // Upper partials of struck wood die first.
    if (struck) gain.gain.exponentialRampToValueAtTime(0.001, begin + note.length / Math.sqrt(multiple));
    else {
      gain.gain.setValueAtTime(share, Math.max(begin + attack, end - 0.12));
      gain.gain.linearRampToValueAtTime(0, end);
    }
    oscillator.connect(gain).connect(out);
    oscillator.start(begin);
    oscillator.stop(end + 0.05);
  }
}

/** Says how many alarms a sound stands for, where the system has a voice. */
function sayCount(count: number, level: number): void {
  const speech = window.speechSynthesis;
  if (count < 2 || speech.getVoices().length === 0) return;
  const words = new SpeechSynthesisUtterance(`${count} alarms`);
  words.volume = level;
  speech.speak(words);
}

export interface AlarmSounds {
  play(sound: Pick<AlarmAnnouncement, 'family' | 'why' | 'level' | 'count'>): void;
}

/** Sounds made by the computer itself; nothing is loaded. The audio device is opened with the first of them. */
export function createAlarmSounds(): AlarmSounds {
  let context: AudioContext | null = null;
  return {
    play({ family, why, level, count }) {
      if (level <= 0) return;
      context ??= new AudioContext();
      void context.resume();
      const out = context.createGain();
      // Heard level goes with the square, so that half the slider is half as loud.
      out.gain.value = 0.5 * level * level;
      out.connect(context.destination);
      for (const note of notesOf(family, why)) ring(context, out, VOICES[family], note);
      if (count > 1) setTimeout(() => sayCount(count, level), 1000);
    },
  };
}
