// Loaded into presync with --import: kills it (SIGKILL) at one write of its journal.
// PRESYNC_CRASH is WHEN:TYPE:N, the N-th write with a line of that type; WHEN is `before` or `after`
// the write, or `torn` for one that ends within the last such line.
import { open } from 'node:fs/promises';

const [when, type, count] = (process.env.PRESYNC_CRASH ?? '').split(':');
const file = await open(import.meta.filename);
const prototype = Object.getPrototypeOf(file);
await file.close();
const { appendFile, sync } = prototype;
let left = Number(count);
let isLast = false;

function die() {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

prototype.appendFile = async function (text) {
  if (String(text).includes(`"type":"${type}"`)) left -= 1;
  if (left > 0 || isLast) return appendFile.call(this, text);
  isLast = true;
  if (when === 'before') return die();
  if (when === 'after') return appendFile.call(this, text);
  await appendFile.call(this, text.slice(0, text.lastIndexOf(`"type":"${type}"`) + 20));
  return die();
};

prototype.sync = async function () {
  await sync.call(this);
  if (isLast) await die();
};
