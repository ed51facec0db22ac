// A pipeline of another make: takes --config FILE, posts, exits. What it does for a camera is in $SCRIPT/CAMERA (one
// word and an argument); without such a file it does its work well. It knows nothing of QLF but the founding document.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const config = readFileSync(process.argv[process.argv.indexOf('--config') + 1], 'utf8');
const field = (name) => new RegExp(`^ +${name}: "?([^"\\n]+)"?$`, 'm').exec(config)?.[1];
const camera = field('Camera');
const expid = Number(field('Expid'));
const script = join(process.env.SCRIPT, camera);
const [behaviour, argument] = existsSync(script) ? readFileSync(script, 'utf8').trim().split(' ') : ['good'];

writeFileSync(join(process.env.SCRIPT, `pid-${process.pid}`), '');

const say = (level, text) => {
  const at = new Date().toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
  console.log(`${at} QuickLook ${level} : ${text}`);
};

/** Sends a body as it is. */
async function send(body) {
  const { QLF_API_URL: url, QLF_USER: user, QLF_PASSWD: password } = process.env;
  const api = await (await fetch(url)).json();
  const response = await fetch(api.job, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    },
    body,
  });
  if (response.status !== 201) throw new Error(`POST answered ${response.status}: ${await response.text()}`);
}

const post = (metric, value) =>
  send(JSON.stringify({ id: 1, expid, camera, status: 2, measurements: [{ metric, value }] }));

say('INFO', 'Starting to run step Preproc');
if (behaviour === 'exit') {
  say('CRITICAL', 'Failed to run PA Preproc error was no bias');
  process.exit(Number(argument));
}
if (behaviour === 'signal') process.kill(process.pid, 'SIGSEGV');
if (behaviour === 'flood') {
  const line = `${'nothing new '.repeat(80)}\n`;
  for (let written = 0; written < Number(argument); written += line.length * 1000)
    await new Promise((done) => process.stdout.write(line.repeat(1000), done));
}
if (behaviour === 'nonsense') {
  for (const body of ['no JSON', '[]', JSON.stringify({ expid, camera, status: 2, measurements: [{ metric: 7 }] })])
    await send(body).catch((error) => say('WARNING', error.message));
  await send(JSON.stringify({ expid: expid + 1, camera, status: 2, measurements: [] })).catch((error) =>
    say('WARNING', error.message),
  );
}
// What posts on when this program is gone: QLF may end it, so the test takes its part.
if (behaviour === 'secret') writeFileSync(join(process.env.SCRIPT, `secret-${camera}`), JSON.stringify(process.env));
if (behaviour === 'gate')
  while (!existsSync(join(process.env.SCRIPT, argument))) await new Promise((r) => setTimeout(r, 20));
const silent = behaviour === 'silent' || behaviour === 'nonsense' || behaviour === 'secret';
for (let times = silent ? 0 : behaviour === 'twice' ? 2 : 1; times > 0; times--) {
  const cut = Number(/CUTPIX: (\d+)/.exec(config)?.[1]);
  await post('Count_Pixels', {
    METRICS: { LITFRAC_AMP: [0.1, 0.1, 0.1, 0.1] },
    PARAMS: {
      CUTPIX: cut,
      LITFRAC_AMP_NORMAL_RANGE: [-0.1, 0.1],
      LITFRAC_AMP_WARN_RANGE: [-0.2, 0.2],
      LITFRAC_AMP_DARK_REF: [0.1, 0.1, 0.1, 0.1],
      LITFRAC_AMP_BRIGHT_REF: [0.1, 0.1, 0.1, 0.1],
    },
  });
}
if (behaviour === 'hang') await new Promise((resolve) => setTimeout(resolve, 3_600_000));
if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, Number(argument)));
say('INFO', 'Step Preproc finished.');
say('INFO', 'QuickLook Pipeline completed');
process.exit(0);
