import { spawn } from 'node:child_process';
import { exitWith } from './bootstrap.mjs';

/** Becomes a program: its output, its exit status, and the signals meant for it. Paths are relative to the caller's folder. */
export function become(command, args) {
  const child = spawn(command, args, { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' });
  const forward = (signal) => child.kill(signal);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  // A terminal sends its interrupt to the whole process group; the program has it already.
  process.on('SIGINT', process.stdin.isTTY ? () => undefined : forward);
  child.on('error', exitWith);
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}
