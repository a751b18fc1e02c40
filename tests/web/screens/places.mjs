// Where the tests find things: MAILROOM_SOURCE and MAILROOM_BUILD are set by ctest.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const source = process.env.MAILROOM_SOURCE;
export const build = process.env.MAILROOM_BUILD;
export const screens = join(build, 'share/mailroom/screens');

/** Packages of the lock file. */
export const packages = createRequire(join(build, 'screen-packages/package.json'));

/** A module of the screens as it is served. */
export function screenModule(name) { return import(join(screens, name)); }

/** Our own files below the screens' folder that end so: [{ name, text }]. */
export function screenFiles(ending, folder = join(source, 'daemon/web/screens')) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return screenFiles(ending, path);
    return path.endsWith(ending) ? [{ name: path.slice(source.length + 1), text: readFileSync(path, 'utf8') }] : [];
  });
}
