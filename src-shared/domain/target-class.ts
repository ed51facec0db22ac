/** DESI_TARGET bits (desitarget main survey). */
export const TARGET_BITS = {
  LRG: 0n,
  ELG: 1n,
  QSO: 2n,
  SKY: 32n,
  STD_FAINT: 33n,
  STD_WD: 34n,
  STD_BRIGHT: 35n,
  BGS_ANY: 60n,
  MWS_ANY: 61n,
} as const;

/** Target classes in the order in which the original reports them. */
export const TARGET_CLASSES = ['ELG', 'LRG', 'QSO', 'BGS', 'MWS', 'STAR'] as const;
export type TargetClass = (typeof TARGET_CLASSES)[number];

/** Bits of DESI_TARGET of which any makes a target one of the class. */
export const CLASS_MASK: Readonly<Record<TargetClass, bigint>> = {
  ELG: 1n << TARGET_BITS.ELG,
  LRG: 1n << TARGET_BITS.LRG,
  QSO: 1n << TARGET_BITS.QSO,
  BGS: 1n << TARGET_BITS.BGS_ANY,
  MWS: 1n << TARGET_BITS.MWS_ANY,
  STAR: (1n << TARGET_BITS.STD_FAINT) | (1n << TARGET_BITS.STD_WD) | (1n << TARGET_BITS.STD_BRIGHT),
};
