import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';
import { OutcomeSchema } from './history.ts';
import { LOST_CAUSES, LostReasonSchema } from './lost-time.ts';
import { CommentSchema, FLAGS, FlagEntrySchema } from './notes.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Integer = Type.Integer();
/** Times are ms since the epoch; durations are s. */
const Time = Type.Number();
const Seconds = Type.Number();

/** Exposures by what became of them; `judged` are those with a verdict. */
const CountsSchema = Type.Object({
  exposures: Integer,
  science: Integer,
  judged: Integer,
  normal: Integer,
  warning: Integer,
  alarm: Integer,
  /** Failed or cancelled, or with failed or missing cameras and no alarm. */
  failed: Integer,
  unknown: Integer,
  superseded: Integer,
  /** Waiting or being processed. */
  open: Integer,
  /** Not for processing. */
  registered: Integer,
});
export type NightCounts = Static<typeof CountsSchema>;

const KindSchema = Type.Object({
  flavor: Type.String(),
  program: Nullable(Type.String()),
  taken: Integer,
  judged: Integer,
  normal: Integer,
  flagged: Integer,
  exptime: Seconds,
});

const ExposureSchema = Type.Object({
  expid: Integer,
  runId: Nullable(Integer),
  /** Null where the telescope did not tell when it began. */
  from: Nullable(Time),
  /** The shutter closed, at the latest when the next exposure began. */
  to: Nullable(Time),
  flavor: Type.String(),
  program: Nullable(Type.String()),
  status: OutcomeSchema,
  finding: Type.String(),
  flag: Nullable(Type.Enum(FLAGS)),
  exptime: Nullable(Seconds),
  seeing: Nullable(Type.Number()),
  airmass: Nullable(Type.Number()),
  sky: Nullable(Type.Number()),
});
export type NightExposure = Static<typeof ExposureSchema>;

/** A time without exposures, longer than readout and slew take. */
const GapSchema = Type.Object({
  from: Time,
  to: Time,
  /** The exposures at its ends; null at the ends of the night. */
  after: Nullable(Integer),
  before: Nullable(Integer),
  /** Why the time was lost, as people said it: newest first, the first one holds. */
  reasons: Type.Array(LostReasonSchema),
});
export type NightGap = Static<typeof GapSchema>;

/** Where the time of the night went, s. */
const TimeSchema = Type.Object({
  /** The dark hours so far, or from the first to the last science exposure where none lies in them. */
  from: Nullable(Time),
  to: Nullable(Time),
  dark: Type.Boolean(),
  span: Seconds,
  /** Shutter open on the sky, of which `bad` on exposures that a person flagged bad. */
  open: Seconds,
  bad: Seconds,
  calibration: Seconds,
  /** Readout, slew and fiber positioning: pauses of at most USUAL_OVERHEAD. */
  overhead: Seconds,
  /** Longer pauses. */
  lost: Seconds,
  /** Longer pauses by their reason, the longest first; null: nobody has said why, always last. */
  lostTo: Type.Array(Type.Object({ cause: Nullable(Type.Enum(LOST_CAUSES)), seconds: Seconds })),
});

/** Middle and extremes of a number over the night's science exposures. */
const SpreadSchema = Nullable(
  Type.Object({ median: Type.Number(), low: Type.Number(), high: Type.Number(), count: Integer }),
);

/** What a cause tests: the CCD, the fibers, the spectra; `camera` where the job itself went wrong; `other` of unknown metrics. */
export const CAUSE_GROUPS = ['ccd', 'fibers', 'spectra', 'camera', 'other'] as const;
export type CauseGroup = (typeof CAUSE_GROUPS)[number];

/** The groups as the screen and the paper name them. */
export const CAUSE_GROUP_WORDS: Readonly<Record<CauseGroup, string>> = {
  ccd: 'CCD',
  fibers: 'fibers',
  spectra: 'spectra',
  camera: 'camera',
  other: 'other',
};

/** One thing that was wrong in some exposures of the night. */
const CauseLineSchema = Type.Object({
  group: Type.Enum(CAUSE_GROUPS),
  status: OutcomeSchema,
  /** 'amplifier C noise high'; of what many cameras share with them: 'All cameras: targets too faint' */
  words: Type.String(),
  /** Of the worst exposure: '4.71 e\u207b'; empty where there is no number. */
  value: Type.String(),
  metricKey: Nullable(Type.String()),
  /** Exposures in which it was. */
  off: Integer,
  /** The run and the camera in which it was worst. */
  runId: Integer,
  camera: CameraSchema,
});
export type CauseLine = Static<typeof CauseLineSchema>;

/** A camera with what it had by itself, or with its spectrograph: what many cameras shared is told once, elsewhere. */
const CameraLineSchema = Type.Object({
  camera: CameraSchema,
  status: OutcomeSchema,
  /** The worst and most frequent first. */
  causes: Type.Array(CauseLineSchema),
  /** Exposures in which it was off normal by itself. */
  off: Integer,
  /** Its status in each judged exposure of the night, in order; null where nothing of its own was wrong. */
  marks: Type.Array(Nullable(OutcomeSchema)),
});
export type CameraLine = Static<typeof CameraLineSchema>;

const MetricLineSchema = Type.Object({
  metric: Type.String(),
  title: Type.String(),
  status: OutcomeSchema,
  alarms: Integer,
  warnings: Integer,
  /** Cameras in which it was off normal at least once. */
  cameras: Integer,
  exposures: Integer,
});

export const NightNoteSchema = Type.Object({ author: Type.String(), text: Type.String(), at: Time });
export type NightNote = Static<typeof NightNoteSchema>;

/** An alarm of the night as the report tells it. */
const AlarmLineSchema = Type.Object({
  at: Time,
  severity: OutcomeSchema,
  what: Type.String(),
  /** 'open', 'acknowledged by Ana', 'cleared' … */
  state: Type.String(),
  acknowledged: Type.Boolean(),
});

/** A night of the observatory, summed up. */
export const NightReportSchema = Type.Object({
  night: Type.String(),
  madeAt: Time,
  /** It may still get exposures. */
  underWay: Type.Boolean(),
  dusk: Time,
  dawn: Time,
  headline: Type.String(),
  sentence: Type.String(),
  status: OutcomeSchema,
  counts: CountsSchema,
  kinds: Type.Array(KindSchema),
  exposures: Type.Array(ExposureSchema),
  gaps: Type.Array(GapSchema),
  time: TimeSchema,
  seeing: SpreadSchema,
  airmass: SpreadSchema,
  sky: SpreadSchema,
  /** Judged exposures, whose order the cameras' marks follow. */
  judged: Type.Array(Integer),
  /** What many cameras had at once, each told once. */
  shared: Type.Array(CauseLineSchema),
  cameras: Type.Array(CameraLineSchema),
  metrics: Type.Array(MetricLineSchema),
  alarms: Type.Array(AlarmLineSchema),
  comments: Type.Array(CommentSchema),
  flags: Type.Array(Type.Intersect([Type.Object({ expid: Integer }), FlagEntrySchema])),
  note: Nullable(NightNoteSchema),
});
export type NightReport = Static<typeof NightReportSchema>;
