/*
 * Wine 10 has no junctions. For the programs of Windows a link of Linux is as good, so a Node under Wine that is given this file
 * (NODE_OPTIONS=--require) makes, moves, reads and removes such links where the agent asks for junctions.
 */
const fs = require('node:fs');
const { spawnSync } = require('node:child_process');
const { syncBuiltinESMExports } = require('node:module');
const { dirname } = require('node:path');

// Z:\muster\NAME\junctions.cjs, beside Z:\muster\NAME\prefix\drive_c, which is C:\.
const here = __dirname.replace(/^Z:/i, '').replaceAll('\\', '/');
const onLinux = (path) =>
  path.replace(/^C:/i, `${here}/prefix/drive_c`).replace(/^Z:/i, '').replaceAll('\\', '/');
const linux = (...command) =>
  spawnSync('C:\\windows\\system32\\start.exe', ['/wait', '/unix', `${here}/unix`, ...command], {
    stdio: 'ignore',
  });
const isJunction = (path) => /[\\/]current(?:\.next)?$/.test(path);

const { renameSync, unlinkSync, readlinkSync } = fs;
// Node looks for links by itself and finds none of Linux; Wine follows them.
fs.realpathSync = Object.assign(fs.realpathSync.native, { native: fs.realpathSync.native });
fs.symlinkSync = (target, path, type) => {
  if (type !== 'junction') throw new Error('only junctions are made here');
  linux('ln', '-sfn', onLinux(target), onLinux(path));
};
fs.renameSync = (from, to) => {
  if (isJunction(from)) linux('mv', '-T', onLinux(from), onLinux(to));
  else renameSync(from, to);
};
fs.unlinkSync = (path) => {
  if (isJunction(path)) linux('rm', '-f', onLinux(path));
  else unlinkSync(path);
};
fs.readlinkSync = (path, options) => {
  if (!isJunction(path)) return readlinkSync(path, options);
  const target = fs.realpathSync.native(path);
  if (dirname(target) === dirname(path)) throw Object.assign(new Error('no junction'), { code: 'EINVAL' });
  return target;
};
syncBuiltinESMExports();
