import type { ConfigurationScope } from '#shared/domain/configuration.ts';
import type { LimitRule } from '#shared/domain/limits.ts';

/** What is edited in the settings and not saved yet; kept while other screens are looked at. */
export interface SettingsDrafts {
  configuration: Partial<Record<ConfigurationScope, ConfigurationDraft>>;
  limits: LimitsDraft | null;
}

export interface ConfigurationDraft {
  /** The version that it began from. */
  basedOn: number;
  text: string;
  reason: string;
}

export interface LimitsDraft {
  /** The version that it began from; 0 before the first. */
  basedOn: number;
  rules: readonly LimitRule[];
  reason: string;
}

export const NO_DRAFTS: SettingsDrafts = { configuration: {}, limits: null };
