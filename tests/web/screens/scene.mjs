// The scene of scene.sh, and stacks of paper for it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build, source } from './places.mjs';

export const password = 'Briefkasten-2026';

export class Scene {
  static async start() {
    const scene = new Scene();
    scene.folder = mkdtempSync(join(tmpdir(), 'mailroom-screens-'));
    scene.process = spawn(join(source, 'tests/web/screens/scene.sh'), [source, build, scene.folder], { stdio: ['pipe', 'pipe', 'pipe'] });
    scene.words = '';
    scene.process.stderr.on('data', (data) => { scene.words += data; });
    scene.lines = createInterface({ input: scene.process.stdout })[Symbol.asyncIterator]();
    scene.url = (await scene.line()).replace('ready ', '');
    return scene;
  }

  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the scene ended: ${this.words}`);
    return value;
  }

  async tell(...words) {
    this.process.stdin.write(`${words.join(' ')}\n`);
    return this.line();
  }

  /** Draws sides and puts them into a feeder. */
  async load(scanner, sides) {
    const folder = join(this.folder, `stack-${scanner}`);
    rmSync(folder, { recursive: true, force: true });
    execFileSync(join(build, 'bin/mailroom-draw-stack'), [folder, join(this.folder, 'data/identities/routing.key')], { input: JSON.stringify(sides) });
    await this.tell('load', scanner, folder);
  }

  async end() {
    this.process.stdin.end();
    await new Promise((resolve) => { this.process.on('exit', resolve); });
    if (!process.env.MAILROOM_KEEP_SCENE) rmSync(this.folder, { recursive: true, force: true });
  }
}

const blank = {};
export const separator = (documentClass, department) => [{ routing: `document:${documentClass}:${department}` }, blank];

export const letter = (name, ...lines) => [{ words: [`Betreff: ${name}`, '', 'Sehr geehrte Damen und Herren,', ...lines, '', 'Mit freundlichen Grüßen', 'Erna Muster'].join('\n') }, blank];

/** `count` letters of one sheet, each behind its separator sheet. */
export function letters(count, documentClass = 'LET', department = '3300') {
  return Array.from({ length: count }, (_, index) => [...separator(documentClass, department), ...letter(`Antrag Nummer ${index + 1}`, 'hiermit beantrage ich einen Ausweis.')]).flat();
}
