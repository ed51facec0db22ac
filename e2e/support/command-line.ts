import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { TSchema, Static } from 'typebox';
import { Value } from 'typebox/value';

export interface CommandEnd {
  status: number | null;
  out: string;
  err: string;
}

/** The built command line as a person runs it, in a home of its own. */
export class CommandLine {
  readonly home: string;
  readonly #env: Record<string, string>;

  constructor(home: string, env: Record<string, string> = {}) {
    this.home = home;
    this.#env = env;
  }

  get env(): NodeJS.ProcessEnv {
    const home = { XDG_CONFIG_HOME: join(this.home, 'config'), XDG_DATA_HOME: join(this.home, 'share') };
    return { ...process.env, ...home, ...this.#env };
  }

  /** Runs it to its end, typed in the home. */
  run(...args: string[]): Promise<CommandEnd> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [resolve('out/main/qlf.cjs'), ...args], {
        cwd: this.home,
        env: this.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const end: CommandEnd = { status: null, out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => (end.out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (end.err += chunk.toString()));
      child.on('error', fail);
      child.on('close', (status) => done({ ...end, status }));
    });
  }

  /** The same; the status must be as said. */
  async ends(status: number, ...args: string[]): Promise<CommandEnd> {
    const end = await this.run(...args);
    if (end.status === status) return end;
    throw new Error(`qlf ${args.join(' ')} ended with ${String(end.status)}, not ${status}:\n${end.out}\n${end.err}`);
  }

  /** Its value as JSON, checked against a schema. */
  async value<T extends TSchema>(schema: T, status: number, ...args: string[]): Promise<Static<T>> {
    const { out } = await this.ends(status, ...args, '--json');
    const envelope = JSON.parse(out) as { ok: boolean; value: unknown };
    const [wrong] = Value.Errors(schema, envelope.value);
    if (!envelope.ok || wrong)
      throw new Error(`qlf ${args.join(' ')}: ${wrong?.instancePath} ${wrong?.message}\n${out}`);
    return envelope.value as Static<T>;
  }
}
