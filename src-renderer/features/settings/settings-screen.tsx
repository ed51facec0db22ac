import type { ReactNode } from 'react';
import { assertNever } from '#shared/assert-never.ts';
import type { SettingsSection } from '../../model/settings-sections.ts';
import { useView } from '../../store/context.tsx';
import { StateNote } from '../../ui/panel.tsx';
import { StatusGlyph } from '../../ui/status-glyph.tsx';
import { ConfigurationSection } from './configuration/configuration-section.tsx';
import { AboutSection, AlarmsSection, AppearanceSection } from './desk-sections.tsx';
import { DiagnosticsSection } from './diagnostics-section.tsx';
import { ExecutorSection } from './executor-section.tsx';
import { IngestSection } from './ingest-section.tsx';
import { NightsSection } from './nights-section.tsx';
import { CamerasSection, ProcessingSection } from './processing-sections.tsx';
import { SettingsNav } from './settings-nav.tsx';
import { RemoteSection } from './remote/remote-section.tsx';
import { StorageSection } from './storage/storage-section.tsx';
import { ThresholdsSection } from './thresholds/thresholds-section.tsx';
import { TransferSection } from './transfer-section.tsx';
import { useEngineSettings, type EngineSettingsHandle } from './use-engine-settings.ts';
import './settings.css';
import './configuration/configuration.css';
import './thresholds/thresholds.css';

/** Sections that are forms over the engine's settings. */
function EngineSection({ section, engine }: { section: SettingsSection; engine: EngineSettingsHandle }): ReactNode {
  const { settings, folders, error, change, changeFolders } = engine;
  if (error !== '')
    return (
      <StateNote glyph={<StatusGlyph status="failed" size={16} named />} title="The settings cannot be read">
        {error}
      </StateNote>
    );
  if (!settings || !folders) return <div aria-busy="true" />;
  switch (section) {
    case 'cameras':
      return <CamerasSection settings={settings} change={change} />;
    case 'processing':
      return <ProcessingSection settings={settings} change={change} />;
    case 'alarms':
      return <AlarmsSection />;
    case 'nights':
      return <NightsSection settings={settings} folders={folders} change={change} changeFolders={changeFolders} />;
    case 'transfer':
      return <TransferSection settings={settings} change={change} />;
    case 'executor':
      return <ExecutorSection settings={settings} change={change} />;
    case 'ingest':
      return <IngestSection settings={settings} change={change} />;
    case 'remote':
      return <RemoteSection />;
    case 'storage':
      return <StorageSection />;
    case 'appearance':
      return <AppearanceSection />;
    case 'diagnostics':
      return <DiagnosticsSection />;
    case 'about':
      return <AboutSection />;
    case 'configuration':
    case 'thresholds':
      return null;
    default:
      return assertNever(section, 'section');
  }
}

/** Everything that can be set, in its places; nothing of it needs a restart. */
export function SettingsScreen() {
  const section = useView((view) => view.settingsSection);
  const engine = useEngineSettings();
  return (
    <div className="settings">
      <SettingsNav />
      {section === 'configuration' ? (
        <ConfigurationSection />
      ) : section === 'thresholds' ? (
        <ThresholdsSection />
      ) : (
        <div className="settings-forms scrolling" data-scrolls>
          <h1 className="hidden">Settings</h1>
          <EngineSection key={section} section={section} engine={engine} />
        </div>
      )}
    </div>
  );
}
