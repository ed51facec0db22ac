/** What went wrong with a FITS file; a code never changes its meaning. */
export type FitsErrorCode =
  /** The bytes do not begin as a FITS file. */
  | 'not-fits'
  /** The file ends before the HDU that its header promises. */
  | 'truncated'
  /** A card is missing, malformed or contradicts the others. */
  | 'bad-header'
  /** The header makes sense, the data that it describes do not. */
  | 'bad-data'
  /** Legal FITS, but a feature that this reader does not know. */
  | 'unsupported'
  /** More than a reader should take into memory. */
  | 'too-large';

/** An unreadable FITS file, HDU or value; the message says what and where. */
export class FitsError extends Error {
  readonly code: FitsErrorCode;
  constructor(code: FitsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FitsError';
    this.code = code;
  }
}
