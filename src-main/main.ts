/** Entry of the desktop application: one engine, one window onto it. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import type { RunningEngine } from './composition.ts';
import { registerAppScheme, serveApp } from './electron/app-protocol.ts';
import { createConfirmProgram } from './electron/confirm-program.ts';
import { createDocuments } from './electron/documents.ts';
import { pickFitsFile } from './electron/file-picker.ts';
import { pushEvents, serveCalls } from './electron/ipc.ts';
import { lockDown } from './electron/lock-down.ts';
import { setMenu } from './electron/menu.ts';
import { notifyOf } from './electron/notifications.ts';
import { createOpenedFiles, type OpenedFiles } from './electron/opened-files.ts';
import { systemCipher } from './electron/system-cipher.ts';
import { createUtilityLauncher } from './electron/utility-launcher.ts';
import { openWindow } from './electron/window.ts';
import { commandShell } from './command-shell.ts';
import { commandOf, runCommand } from './commands/run-command.ts';
import type { Secrets } from './domain/ports/secrets.ts';
import { hostEngine } from './engine-host.ts';
import { parseCommandLine, type CommandLine } from './options.ts';
import { minimalEnvironment } from './pipeline/minimal-environment.ts';
import { createAllowedPrograms } from './programs/allowed-programs.ts';
import { createSecretKeeper } from './secrets/secret-keeper.ts';
import { allowedProgramsFile } from './standard-folders.ts';

const report = (error: unknown): void => {
  process.stderr.write(`qlf: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
};

/** Ends the application because it cannot do its work, and tells why. */
function giveUp(title: string, error: unknown): void {
  report(error);
  dialog.showErrorBox(title, error instanceof Error ? error.message : String(error));
  app.exit(1);
}

/**
 * After an error that nobody caught the engine is ended first: Electron's own message would hold it still, its children
 * running, until somebody clicks. What was under way is taken up at the next start.
 */
function endOnBug(engine: Promise<RunningEngine>): void {
  process.once('uncaughtException', (bug) => {
    report(bug);
    void engine
      .then((running) => running.close())
      .catch(report)
      .finally(() => giveUp('QLF has failed; start it again to go on', bug));
  });
}

/** Ends the engine, with all its children, before the application; a second wish to quit does not wait for it. */
function quitAfter(engine: Promise<RunningEngine>): void {
  let closing = false;
  app.on('before-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    engine
      .then((running) => running.close())
      .catch(report)
      .finally(() => app.exit(0));
  });
}

async function run(options: CommandLine, opened: OpenedFiles): Promise<void> {
  await app.whenReady();
  const folder = (name: string): string => join(app.getAppPath(), name);
  lockDown();
  setMenu();
  serveApp(folder('out/renderer'));

  let window: BrowserWindow | undefined;
  const engine = hostEngine({
    ...options,
    resourcesDir: folder('resources'),
    assetsDir: folder('out/renderer'),
    launcher: createUtilityLauncher(folder('out/main'), minimalEnvironment),
    version: app.getVersion(),
    electron: process.versions.electron,
    pickFile: pickFitsFile,
    showFile: (file) => shell.showItemInFolder(file),
    setScale: (scale) => window?.webContents.setZoomFactor(scale),
    documents: createDocuments(() => window),
    programs: createAllowedPrograms(allowedProgramsFile()),
    confirmProgram: createConfirmProgram(() => window),
    secrets: keptSecrets(),
  });
  quitAfter(engine);
  endOnBug(engine);

  const reportCall = (error: unknown): void => {
    report(error);
    void engine.then((running) => {
      running.report(error);
    });
  };
  serveCalls(engine, () => window, reportCall);
  opened.serve(engine, () => window, reportCall);
  window = openWindow(folder('out/main/preload.cjs'));
  window.on('closed', () => {
    window = undefined;
  });
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });

  const running = await engine;
  running.onEvents((batch) => pushEvents(window, batch));
  running.onEvents((batch) => notifyOf(batch, () => window));
  await running.start();
}

/** Secrets as the desktop keeps them. */
const keptSecrets = (): Secrets =>
  createSecretKeeper({ file: join(app.getPath('userData'), 'secrets.json'), cipher: systemCipher() });

/** Runs the application as a command line: without a window, beside the application that may be open. */
async function runAsCommand(command: readonly string[]): Promise<number> {
  const folder = (name: string): string => join(app.getAppPath(), name);
  return runCommand(
    command,
    commandShell({
      version: app.getVersion(),
      launcher: createUtilityLauncher(folder('out/main'), minimalEnvironment),
      resourcesDir: folder('resources'),
      secrets: () => app.whenReady().then(keptSecrets),
    }),
  );
}

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/** Electron ends at once where there is no display: the command gets one that nobody sees, where the machine has it. */
function runUnseen(): number {
  const command = ['-a', process.execPath, ...process.argv.slice(1)];
  const { status, error } = spawnSync('xvfb-run', command, { stdio: 'inherit' });
  if (!error) return status ?? 1;
  process.stderr.write(
    'qlf: there is no display; install xvfb, or run the command out of a checkout: npm run -s qlf\n',
  );
  return 1;
}

function main(): void {
  const words = process.argv.slice(1).filter((word) => app.isPackaged || resolve(word) !== app.getAppPath());
  const command = commandOf(words);
  if (command) {
    if (!hasDisplay()) {
      app.exit(runUnseen());
      return;
    }
    app.dock?.hide();
    runAsCommand(command)
      .catch((error: unknown) => {
        report(error);
        return 1;
      })
      .then((status) => app.exit(status), report);
    return;
  }
  let options: CommandLine;
  try {
    options = parseCommandLine(process.argv.slice(1), false);
  } catch (error) {
    process.stderr.write(`qlf: ${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(2);
    return;
  }
  const opened = createOpenedFiles(words);
  if (!opened.claim()) {
    process.stderr.write('qlf: QLF is open already; its window comes to the front.\n');
    app.exit(0);
    return;
  }
  registerAppScheme();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  app.on('window-all-closed', () => app.quit());
  run(options, opened).catch((error: unknown) => giveUp('QLF cannot start', error));
}

main();
