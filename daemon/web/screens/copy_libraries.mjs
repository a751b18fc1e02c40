// Copies what the screens use of their packages: node copy_libraries.mjs PACKAGES TARGET
// Browsers know no package names, and an import map would be an inline script: names become paths here.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const [packages, target] = process.argv.slice(2);

const modules = {
  '@lit/reactive-element': ['reactive-element', ['reactive-element.js', 'css-tag.js']],
  'lit-element': ['lit-element', ['lit-element.js']],
  'lit-html': ['lit-html', ['lit-html.js', 'directive.js', 'directives/repeat.js', 'directive-helpers.js',
                            'directives/live.js']],
};
const fonts = ['Regular', 'Medium', 'SemiBold'];

function pathOf(name) {
  const [packageName, [folder]] = Object.entries(modules).find(([key]) => name === key || name.startsWith(`${key}/`)) ??
    (() => { throw new Error(`a library imports ${name}, which is not copied`); })();
  return `${folder}/${name === packageName ? `${folder}.js` : name.slice(packageName.length + 1)}`;
}

function withPaths(text, file) {
  return text
    .replace(/((?:from|import)\s*)"([^."][^"]*)"/g, (_, word, name) => {
      const path = posix.relative(posix.dirname(file), pathOf(name));
      return `${word}"${path.startsWith('.') ? path : `./${path}`}"`;
    })
    .replace(/\/\/# sourceMappingURL=.*\n?/, '');
}

function copy(from, to) {
  mkdirSync(dirname(join(target, to)), { recursive: true });
  cpSync(join(packages, from), join(target, to));
}

for (const [name, [folder, files]] of Object.entries(modules)) {
  for (const file of files) {
    const to = join(target, folder, file);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, withPaths(readFileSync(join(packages, name, file), 'utf8'), `${folder}/${file}`));
  }
}
writeFileSync(join(target, 'lit.js'), "export * from './lit-element/lit-element.js';\n");
copy('lit/LICENSE', 'lit-html/LICENSE');
copy('@kern-ux/native/dist/kern.min.css', 'kern/kern.min.css');
copy('@kern-ux/native/LICENSE.md', 'kern/LICENSE.md');
for (const weight of fonts) {
  copy(`@kern-ux/native/dist/fonts/fira-sans/FiraSans-${weight}.woff2`, `kern/FiraSans-${weight}.woff2`);
}
