import type { OpsdbConfiguration } from '#shared/domain/opsdb.ts';
import type { PresentedHostKey } from '../host-key-error.ts';
import type { DosExposure, RemoteHost } from './dos-client.ts';

/** Short looks at one data host; each makes a connection of its own and ends it. Errors are in words. */
export interface HostProbe {
  /** What answers at the port, e.g. 'OpenSSH_9.2'. */
  reach(host: RemoteHost, signal: AbortSignal): Promise<string>;
  /** The key on record that the host has shown. @throws HostKeyError where it is not on record */
  hostKey(host: RemoteHost, signal: AbortSignal): Promise<PresentedHostKey>;
  /** Resolves when the account lets us in and offers SFTP. */
  logIn(host: RemoteHost, signal: AbortSignal): Promise<void>;
  /** How files would come. */
  rsync(host: RemoteHost, signal: AbortSignal): Promise<'rsync' | 'sftp'>;
}

/** Short looks at an operations database. Errors are in words. */
export interface DatabaseProbe {
  /** Resolves when something answers at the port. */
  reach(configuration: OpsdbConfiguration, signal: AbortSignal): Promise<void>;
  /** Resolves when the connection is as `tls` wants it, whether or not the user is let in. */
  secure(configuration: OpsdbConfiguration, signal: AbortSignal): Promise<void>;
  /** What the server calls itself, e.g. 'PostgreSQL 15.9'. */
  signIn(configuration: OpsdbConfiguration, signal: AbortSignal): Promise<string>;
  /** What the role could change; empty where it may only read. */
  mayChange(configuration: OpsdbConfiguration, signal: AbortSignal): Promise<string[]>;
  /** How many mapped columns are there; an error names those that are not. */
  columns(configuration: OpsdbConfiguration, signal: AbortSignal): Promise<number>;
  lastExposure(configuration: OpsdbConfiguration, signal: AbortSignal): Promise<DosExposure | null>;
}

/** What an exposure folder holds. */
export interface FolderContents {
  nights: number;
  /** YYYYMMDD; null: none. */
  newestNight: string | null;
  /** Exposures of the newest night. */
  exposures: number;
}

/** Short looks at an exposure folder, here or on a data host. */
export interface FolderProbe {
  contents(source: string, signal: AbortSignal): Promise<FolderContents>;
  lastExposure(source: string, signal: AbortSignal): Promise<DosExposure | null>;
}
