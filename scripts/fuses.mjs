/**
 * The switches in Electron's executable ("fuses") that take away what QLF does not need, every one set to what QLF wants: an
 * Electron that has more of them than are named here is not packaged.
 */
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** What every fuse of a package is, by its name in @electron/fuses. */
export const FUSES = {
  // The executable is QLF, and nothing that makes it another program: no ELECTRON_RUN_AS_NODE, NODE_OPTIONS, --inspect.
  RunAsNode: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableCookieEncryption: true,
  // Only the archive is loaded, and where the system can prove it only the one that was packaged.
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  // The interface comes by its own protocol.
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};

const indexOf = (name) => FuseV1Options[name];

/** Names of the fuses that an executable has. */
export async function fusesOf(executable) {
  const wire = await getCurrentFuseWire(executable);
  const length = Object.keys(wire).filter((key) => /^\d+$/.test(key)).length;
  return { wire, length };
}

/**
 * Sets all fuses of an executable.
 * @param wanted as FUSES
 * @param mayBeOld accept an Electron that lacks the newest fuses
 */
export async function setFuses(executable, wanted, mayBeOld = false) {
  const { length } = await fusesOf(executable);
  const names = Object.keys(wanted).filter((name) => !mayBeOld || indexOf(name) < length);
  const values = Object.fromEntries(names.map((name) => [indexOf(name), wanted[name]]));
  await flipFuses(executable, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: process.platform === 'darwin' && process.arch === 'arm64',
    ...values,
  });
}

/** The executable in a folder that electron-builder has packed. */
export function packedExecutable({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName === 'darwin') return join(appOutDir, `${packager.appInfo.productFilename}.app`);
  if (electronPlatformName === 'win32') return join(appOutDir, `${packager.appInfo.productFilename}.exe`);
  return join(appOutDir, packager.executableName);
}

/** electron-builder's hook between packing and signing. */
export async function afterPack(context) {
  await setFuses(packedExecutable(context), FUSES);
}
