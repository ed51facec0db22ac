import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** What time can be lost to. */
export const LOST_CAUSES = ['weather', 'instrument', 'telescope', 'dos', 'pipeline', 'other'] as const;
export type LostCause = (typeof LOST_CAUSES)[number];

/** As people write them. */
export const LOST_CAUSE_WORDS: Readonly<Record<LostCause, string>> = {
  weather: 'Weather',
  instrument: 'Instrument',
  telescope: 'Telescope',
  dos: 'DOS',
  pipeline: 'Pipeline',
  other: 'Other',
};

/** Why a stretch of time was lost, as somebody said; `cause` null takes the one before back. */
export const LostReasonSchema = Type.Object({
  cause: Nullable(Type.Enum(LOST_CAUSES)),
  words: Type.String(),
  author: Type.String(),
  /** ms since the epoch */
  at: Type.Number(),
});
export type LostReason = Static<typeof LostReasonSchema>;

/** The reason that holds: the newest, unless that takes the ones before back. */
export function reasonOf(reasons: readonly LostReason[]): (LostReason & { cause: LostCause }) | null {
  const [newest] = reasons;
  return newest && newest.cause !== null ? { ...newest, cause: newest.cause } : null;
}

/** 'Weather: humidity above 85%' */
export function reasonWords({ cause, words }: LostReason): string {
  if (cause === null) return 'taken back';
  return words === '' ? LOST_CAUSE_WORDS[cause] : `${LOST_CAUSE_WORDS[cause]}: ${words}`;
}
