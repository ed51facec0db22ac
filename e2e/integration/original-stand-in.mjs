// Stands in for desi_quicklook and, with `qproc` as its first argument, for desi_qproc: takes their arguments and
// environment, checks what they check, says what they say, writes where they write, ends as they end. What it says and
// writes as desi_quicklook are recordings of the real one ($RECORDS/CHAIN-CAM-EXPID8.log and -mergedQA-), without the
// pauses. What it does for a camera is in $SCRIPT/CAMERA; without such a file it does its work well.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const qproc = process.argv[2] === 'qproc';
const options = new Map();
for (let i = qproc ? 3 : 2; i < process.argv.length; i++) {
  const name = process.argv[i];
  options.set(name, name === '--auto' ? '' : process.argv[++i]);
}
const camera = options.get('-c');
const script = join(process.env.SCRIPT, camera);
const behaviour = existsSync(script) ? readFileSync(script, 'utf8').trim() : 'good';

/** Python's sys.exit with a text: on standard error, status 1. */
function exitSaying(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
const demand = (file) => {
  if (!existsSync(file)) exitSaying(`File does not exist: ${file}`);
};

if (process.env.QLF_PASSWD !== undefined) exitSaying('a password that is not needed');
const calibration = join(process.env.DESI_SPECTRO_CALIB, 'spec', `sp${camera[1]}`, `${camera}.yaml`);
demand(calibration);

function quicklook() {
  const config = options.get('-i');
  if (!config.includes('yaml')) exitSaying("Can't open config file");
  demand(config);
  const text = readFileSync(config, 'utf8');
  if (/^Run:/m.test(text)) exitSaying('the configuration is not in the schema of the original');
  const expid8 = options.get('-e').padStart(8, '0');
  const night = options.get('-n');
  for (const name of [`desi-${expid8}.fits.fz`, `fibermap-${expid8}.fits`])
    demand(join(options.get('--rawdata_dir'), night, expid8, name));
  if (options.get('--rawdata_dir') !== process.env.QL_SPEC_DATA) exitSaying('must set QL_SPEC_DATA');

  const { RECORDS: records, CHAIN: chain } = process.env;
  const log = join(records, `${chain}-${camera}-${expid8}.log`);
  const recorded = existsSync(log) ? camera : 'r0';
  const lines = readFileSync(join(records, `${chain}-${recorded}-${expid8}.log`), 'utf8').split('\n');
  const say = (some) => process.stderr.write(some.map((line) => `${line}\n`).join(''));
  const extraction = lines.findIndex((line) => /Starting to run step (Extract_QP|BoxcarExtract)/.test(line));
  if (behaviour === 'fail') {
    say(lines.slice(0, extraction));
    exitSaying('Failed to run PA BoxcarExtract');
  }
  if (behaviour === 'killed') {
    say(lines.slice(0, extraction));
    process.kill(process.pid, 'SIGKILL');
  }
  // A bare exit of Python's, or of a library below it: nothing is said, the status is 0.
  if (behaviour === 'without') return say(lines.slice(0, extraction));
  // The real one takes the folder of its merged file from the environment, not from its arguments.
  const folder = join(process.env.QL_SPEC_REDUX, 'exposures', night, expid8);
  const merged = gunzipSync(readFileSync(join(records, `${chain}-mergedQA-${recorded}-${expid8}.json.gz`))).toString();
  const told = {
    nan: merged.replace(/"DIFF1SIG": [^,]+/, '"DIFF1SIG": NaN').replace(/"DIFF2SIG": [^,]+/, '"DIFF2SIG": -Infinity'),
    partial: merged.slice(0, merged.length / 2),
  };
  writeFileSync(join(folder, `ql-mergedQA-${camera}-${expid8}.json`), told[behaviour] ?? merged);
  return say(lines);
}

function qprocMain() {
  const image = options.get('-i');
  const [expid8] = /\d{8}(?=\.fits)/.exec(image);
  demand(image);
  demand(options.get('-f'));
  const say = (line, text) => process.stdout.write(`INFO:qproc.py:${line}:main: ${text}\n`);
  say(152, ' Using PSF psf-r0.fits');
  if (behaviour === 'no-flat') {
    process.stdout.write('ERROR:qproc.py:255:main: no FIBERFLAT for this spectro config\n');
    process.exit(12);
  }
  if (behaviour === 'without') return;
  const folder = options.get('--auto-output-dir');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `preproc-${camera}-${expid8}.fits`), '');
  say(179, "OBSTYPE = 'SCIENCE'");
  say(229, `wrote raw extracted frame in qframe-${camera}-${expid8}.fits`);
  say(257, 'applying fiber flat fiberflat-r0.fits');
  say(262, 'sky subtraction');
  say(278, 'read average calib in fluxcalib-r0.fits');
  say(319, 'all done in 30.0 sec');
}

if (qproc) qprocMain();
else quicklook();
