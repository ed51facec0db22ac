import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const strict = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** A name of a schema, table, column or channel, exactly as the database has it (case too). It is always quoted. */
const Identifier = Type.String({ minLength: 1, maxLength: 63, pattern: '^[^\\u0000]+$' });
const Path = Type.String({ minLength: 1, maxLength: 4096, pattern: '^/[^\\u0000]*$' });
const Word = Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000]+$' });

/** Where rows come from: a table or view, or a SELECT without parameters whose columns are then named like a table's. */
const RelationSchema = Type.Union([
  strict({ schema: Nullable(Identifier), table: Identifier }),
  strict({
    query: Type.String({
      minLength: 7,
      maxLength: 10_000,
      pattern: '^\\s*(?:[Ss][Ee][Ll][Ee][Cc][Tt]|[Ww][Ii][Tt][Hh])\\s',
    }),
  }),
]);
export type Relation = Static<typeof RelationSchema>;

/** The column that holds a value; null: the database does not have it. */
const Optional = Nullable(Identifier);

const ExposuresSchema = strict({
  from: RelationSchema,
  columns: strict({
    /** integer */
    expid: Identifier,
    /** YYYYMMDD as text or integer, or a date */
    night: Identifier,
    flavor: Identifier,
    program: Optional,
    /** s */
    exptime: Optional,
    airmass: Optional,
    /** arcsec */
    seeing: Optional,
    tileid: Optional,
    /** d */
    mjdObs: Optional,
    /** timestamp, UTC where it has no zone, or ISO text */
    dateObs: Optional,
    /** deg */
    ra: Optional,
    /** deg */
    dec: Optional,
    obstype: Optional,
    /** All other header cards: json or jsonb, an object. */
    header: Optional,
    /** Names of cameras (b0 …) in an array or text; without names the spectrographs (SP0, 3 …) with all their arms. */
    camerasExpected: Optional,
    /** boolean: the raw file is whole on the data host; without it every row counts as complete. */
    complete: Optional,
    /** A name of `dataHosts`; empty or absent: this machine. */
    dataHost: Optional,
    rawPath: Identifier,
    rawBytes: Optional,
    rawSha256: Optional,
    fibermapPath: Optional,
    fibermapBytes: Optional,
    fibermapSha256: Optional,
  }),
});

const CalibrationsSchema = strict({
  from: RelationSchema,
  columns: strict({
    /** 'tree' or 'fiberflat'; without it everything belongs to the tree. */
    kind: Optional,
    /** Below the calibration folder, e.g. spec/sp0/b0.yaml. */
    relativePath: Identifier,
    dataHost: Optional,
    path: Identifier,
    bytes: Optional,
    sha256: Optional,
    /** First and last night, as `night`; of several that hold for a night the latest begun is taken. */
    validFrom: Optional,
    validUntil: Optional,
  }),
});

const TelemetrySchema = Type.Union([
  /** One row a value. */
  strict({
    layout: Type.Literal('long'),
    from: RelationSchema,
    columns: strict({ time: Identifier, name: Identifier, value: Identifier, unit: Optional }),
  }),
  /** One column a series, in as many tables as there are. */
  strict({
    layout: Type.Literal('wide'),
    series: Type.Array(
      strict({
        name: Word,
        unit: Type.String({ maxLength: 64 }),
        from: RelationSchema,
        columns: strict({ time: Identifier, value: Identifier }),
      }),
      { minItems: 1, maxItems: 200 },
    ),
  }),
]);

const EtcSchema = strict({
  from: RelationSchema,
  columns: strict({
    expid: Identifier,
    time: Identifier,
    /** Of a perfect sky: 1. */
    transparency: Optional,
    /** Of a dark sky at the zenith: 1. */
    skyLevel: Optional,
    /** arcsec */
    seeing: Optional,
    /** s that have accumulated */
    effectiveTime: Optional,
  }),
});

/** Which table and column holds what; the default is the schema of resources/opsdb.sql. */
export const OpsdbMappingSchema = strict({
  exposures: ExposuresSchema,
  calibrations: Nullable(CalibrationsSchema),
  telemetry: Nullable(TelemetrySchema),
  etc: Nullable(EtcSchema),
});
export type OpsdbMapping = Static<typeof OpsdbMappingSchema>;

/** A data host by the name that the database gives it. */
const DataHostSchema = strict({
  host: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9_:.%-]+$' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  user: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]*\\$?$' }),
  identityFile: Nullable(Path),
  knownHostsFile: Nullable(Path),
});

/** How the operations database is reached and read. It holds no secret: the password is kept elsewhere. */
export const OpsdbConfigurationSchema = strict({
  /** A name or address, or the folder of the server's socket on this machine. */
  host: Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\u0000\\s]+$' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  database: Identifier,
  user: Identifier,
  tls: strict({
    /** `verify-full`: only an authority's certificate for this very host · `require`: encrypted, whoever answers. */
    mode: Type.Enum(['off', 'require', 'verify-full']),
    /** PEM file with the authority's certificate; null: the system's. One that is given is always verified. */
    ca: Nullable(Path),
  }),
  /** s until an attempt to connect is given up */
  connectTimeout: Type.Number({ minimum: 0.1, maximum: 300 }),
  /** s that the server may take for one statement */
  statementTimeout: Type.Number({ minimum: 0.1, maximum: 600 }),
  /** Channel of NOTIFY that tells of new exposures; null: QLF only asks. */
  channel: Nullable(Identifier),
  /** Exposures that the first look takes at most, the newest. */
  firstLook: Type.Integer({ minimum: 1, maximum: 100_000 }),
  /** s that newer exposures wait for one whose file is not complete yet */
  holdBack: Type.Number({ minimum: 0, maximum: 86_400 }),
  dataHosts: Type.Record(Type.String({ minLength: 1, maxLength: 253 }), DataHostSchema),
  mapping: OpsdbMappingSchema,
});
export type OpsdbConfiguration = Static<typeof OpsdbConfigurationSchema>;

const table = (name: string): Relation => ({ schema: null, table: name });

/** The tables of resources/opsdb.sql. */
export const DEFAULT_OPSDB_MAPPING: OpsdbMapping = {
  exposures: {
    from: table('exposure'),
    columns: {
      expid: 'expid',
      night: 'night',
      flavor: 'flavor',
      program: 'program',
      exptime: 'exptime',
      airmass: 'airmass',
      seeing: 'seeing',
      tileid: 'tileid',
      mjdObs: 'mjd_obs',
      dateObs: 'date_obs',
      ra: 'ra',
      dec: 'dec',
      obstype: 'obstype',
      header: 'header',
      camerasExpected: 'cameras_expected',
      complete: 'complete',
      dataHost: 'data_host',
      rawPath: 'raw_path',
      rawBytes: 'raw_bytes',
      rawSha256: 'raw_sha256',
      fibermapPath: 'fibermap_path',
      fibermapBytes: 'fibermap_bytes',
      fibermapSha256: 'fibermap_sha256',
    },
  },
  calibrations: {
    from: table('calibration'),
    columns: {
      kind: 'kind',
      relativePath: 'relative_path',
      dataHost: 'data_host',
      path: 'path',
      bytes: 'bytes',
      sha256: 'sha256',
      validFrom: 'valid_from',
      validUntil: 'valid_until',
    },
  },
  telemetry: {
    layout: 'long',
    from: table('telemetry'),
    columns: { time: 'time_recorded', name: 'name', value: 'value', unit: 'unit' },
  },
  etc: {
    from: table('etc_data'),
    columns: {
      expid: 'expid',
      time: 'time_recorded',
      transparency: 'transparency',
      skyLevel: 'sky_level',
      seeing: 'seeing',
      effectiveTime: 'effective_time',
    },
  },
};

/** What a configuration need not say. */
export const OPSDB_DEFAULTS = {
  port: 5432,
  database: 'desi',
  user: 'qlf_reader',
  tls: { mode: 'verify-full', ca: null },
  connectTimeout: 10,
  statementTimeout: 20,
  channel: 'exposure',
  firstLook: 2000,
  holdBack: 120,
  dataHosts: {},
  mapping: DEFAULT_OPSDB_MAPPING,
} as const satisfies Omit<OpsdbConfiguration, 'host'>;
