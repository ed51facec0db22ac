/** A kind of file that a person can be asked to save. */
export interface DocumentKind {
  /** Without the dot: csv, json, html, pdf. */
  extension: 'csv' | 'json' | 'html' | 'pdf' | 'db';
  /** For the dialog: 'Night report as PDF'. */
  title: string;
  /** Suggested name without folder and extension. */
  name: string;
}

/** A file or a folder that a person can be asked to choose. */
export interface FileQuestion {
  /** For the dialog: 'Copy of the database to restore'. */
  title: string;
  /** Of a file that is there, without the dot; null for a folder. */
  extension: 'db' | null;
}

/** What the desktop does with documents; where there is no desktop there is none of this. */
export interface Documents {
  /** Asks where to save; an absolute path, or null when the person thought better of it. */
  askWhere(kind: DocumentKind): Promise<string | null>;
  /** Asks which; an absolute path, or null when the person thought better of it. */
  askWhich(question: FileQuestion): Promise<string | null>;
  /** A self-contained HTML page as PDF, A4, with its own page breaks. */
  toPdf(html: string): Promise<Uint8Array>;
  /** Opens the system's print dialog for the page; false when the person thought better of it. */
  print(html: string): Promise<boolean>;
}
