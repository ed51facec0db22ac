import type { Finding, TakenLine } from '#shared/domain/command-line.ts';
import type { NightReport } from '#shared/domain/night-report.ts';
import type { QlFlavor, ScienceProgram } from '#shared/domain/ql-flavor.ts';
import type { ExternalPipeline } from '#shared/domain/settings.ts';
import type { CommandChannel, CommandRequest, CommandResponse, Greeting } from '#shared/ipc/command-contract.ts';

/** Calls of the contract, whoever answers them. */
export interface Calls {
  call<C extends CommandChannel>(channel: C, request: CommandRequest<C>): Promise<CommandResponse<C>>;
}

/** The original's configuration of one flavor, taken apart; `text` is null where it cannot be taken over. */
export interface TakenConfiguration {
  flavor: QlFlavor | null;
  text: string | null;
  lines: TakenLine[];
}

/** All that commands reach. */
export interface CommandWorld {
  version: string;
  /** QLF's own folder, absolute. */
  root: string;
  /** As `Source`; null: the test environment. */
  source: string | null;
  /** Where relative paths begin. */
  cwd: string;
  /** The account that types. */
  user: string;
  now: () => number;
  /** Tells a person what goes on; never part of the result. */
  note(text: string): void;
  /** The running engine. @throws CommandFailure `no-engine`, `engine-silent` */
  engine(what: string): Promise<Calls & { greeting: Greeting }>;
  /** The running engine, else the database, opened for reading alone. */
  reader(): Promise<Calls & { greeting: Greeting | null }>;
  /** The running engine, else the database with the folder's lock. */
  writer(): Promise<Calls & { greeting: Greeting | null }>;
  /** Copies the database while it is used. @throws QlfError */
  backup(destination: string): Promise<{ bytes: number; schema: number }>;
  /** Name of a copy that is made now, and the copies that lie in the folder for them, newest first. */
  backups(): Promise<{ folder: string; next: string; files: { name: string; bytes: number; at: number }[] }>;
  /** Puts a copy in the place of the database, with the folder's lock. @returns where the former one lies */
  restore(copy: string): Promise<{ database: string; replaced: string | null; wasDamaged: string | null }>;
  /** Writes a night as a folder into `into`. @returns what was written, in words */
  exportNight(night: string, products: boolean, into: string): Promise<{ folder: string; words: string }>;
  /** Takes a night's folder in where no engine runs, with the folder's lock. @returns what was taken in, in words */
  importNight(folder: string): Promise<string>;
  /** Notes that a person of this computer lets a program run as a pipeline: who writes the command line may run it. */
  allowProgram(pipeline: ExternalPipeline): void;
  render(report: NightReport, format: 'html' | 'csv'): string;
  /** The original's `qlconfig_*.yaml` as this QLF would take it. */
  takeConfiguration(text: string): TakenConfiguration;
  /** A flavor's configuration as the original reads it, with what of it the original cannot say. */
  asOriginal(
    yaml: string,
    flavor: QlFlavor,
    program: ScienceProgram | undefined,
    timeoutSeconds: number,
  ): { text: string; lines: TakenLine[] };
  /** Each flavor's own keys of a saved QL configuration. */
  flavorsOf(yaml: string): Record<string, unknown>[];
  /** Everything wrong with a saved QL configuration, in words with its lines; empty: nothing. */
  configurationProblems(yaml: string): string[];
  doctor(): Promise<Finding[]>;
  /** @throws CommandFailure where it is not there, or too large */
  readText(file: string): Promise<string>;
  /** Whole or not at all. @throws CommandFailure `refused` where the file is there and may not be replaced */
  writeText(file: string, text: string, replace: boolean): Promise<void>;
  close(): Promise<void>;
}
