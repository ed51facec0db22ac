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

async function post(metric, value) {
  const { QLF_API_URL: url, QLF_USER: user, QLF_PASSWD: password } = process.env;
  const api = await (await fetch(url)).json();
  const response = await fetch(api.job, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    },
    body: JSON.stringify({ id: 1, expid, camera, status: 2, measurements: [{ metric, value }] }),
  });
  if (response.status !== 201) throw new Error(`POST answered ${response.status}: ${await response.text()}`);
}

say('INFO', 'Starting to run step Preproc');
if (behaviour === 'exit') {
  say('CRITICAL', 'Failed to run PA Preproc error was no bias');
  process.exit(Number(argument));
}
if (behaviour === 'signal') process.kill(process.pid, 'SIGSEGV');
if (behaviour !== 'silent') {
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
