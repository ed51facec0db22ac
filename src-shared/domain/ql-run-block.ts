import Type, { type Static } from 'typebox';
import { CameraSchema } from './camera.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * The `Run` block that QLF adds to the original's configuration schema in each `qlconfig-CAM-EXPID8.yaml`: what one
 * job works on. All paths are absolute. The ingest address and its credentials are never here but in the environment
 * (QLF_API_URL, QLF_USER, QLF_PASSWD).
 */
export const QlRunBlockSchema = Type.Object({
  RunId: Type.Integer(),
  Expid: Type.Integer(),
  Night: Type.String(),
  Camera: CameraSchema,
  /** As the exposure's header has them, lower case. */
  Flavor: Type.String(),
  Program: Nullable(Type.String()),
  /** The camera's own raw file (or an exposure with all HDUs). */
  RawFile: Type.String(),
  FiberMap: Nullable(Type.String()),
  /** Root of a calibration tree (spec/spN/CAM.yaml and what it names), as $DESI_SPECTRO_CALIB. */
  CalibRoot: Nullable(Type.String()),
  /** These three override what the calibration index says. */
  PSFFile: Nullable(Type.String()),
  FiberFlatFile: Nullable(Type.String()),
  FluxCalibFile: Nullable(Type.String()),
  /** Where products and the merged QA go. */
  OutputDir: Type.String(),
  /** `none`: right where the original is wrong · `desispec-0.31`: the original's numbers. */
  Compatibility: Type.Enum(['none', 'desispec-0.31']),
});
export type QlRunBlock = Static<typeof QlRunBlockSchema>;
