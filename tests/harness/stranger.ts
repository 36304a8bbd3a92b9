import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { execa } from "execa";

export const ROOT = join(import.meta.dirname, "../..");

/** Someone who has the package, in a folder of their own, and nothing of this repository. */
export class Stranger {
  readonly folder: string;
  /** Where the package lies. */
  readonly installed: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.installed = join(folder, "node_modules/ackproof");
  }

  /** Packs the repository as it is now, and installs that. */
  static async arrive(): Promise<Stranger> {
    const stranger = new Stranger(mkdtempSync(join(tmpdir(), "ackproof-stranger-")));
    try {
      await stranger.#unpack();
    } catch (error) {
      stranger.leave();
      throw error;
    }
    return stranger;
  }

  async #unpack(): Promise<void> {
    const parcel = join(this.folder, "parcel");
    mkdirSync(parcel);
    await execa("npm", ["pack", "--pack-destination", parcel], { cwd: ROOT });
    await this.run("npm", ["init", "--yes"]);
    const [tarball = "no tarball"] = globSync("*.tgz", { cwd: parcel });
    await this.install(join(parcel, tarball), "--omit=dev");
  }

  async install(...what: string[]): Promise<void> {
    await this.run("npm", ["install", "--prefer-offline", "--no-audit", ...what]);
  }

  /** Runs a program in the folder, to its end. A failure is thrown, or else told. */
  async run(program: string, args: string[], { reject = true } = {}) {
    const options = { cwd: this.folder, reject };
    const { exitCode, signal, stdout, stderr } = await execa(program, args, options);
    return { exitCode, signal, said: stripVTControlCharacters(`${stdout}\n${stderr}`) };
  }

  write(file: string, content: string | object): void {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const path = join(this.folder, file);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  }

  /** Every file of the package, from its root. */
  files(): string[] {
    return globSync("**/*", { cwd: this.installed, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(this.installed.length + 1));
  }

  leave(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
