import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleWorker, isBuildFailure } from "../../src/local/bundle.ts";
import { watchScripts } from "../../src/local/watch-scripts.ts";

let directory: string;
let entry: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "scopegate-"));
  entry = join(directory, "index.ts");
  await writeFile(
    entry,
    'import data from "./data.json" with { type: "json" };\nexport const value: string = data.value;\n',
  );
  await write("on disk");
});
afterEach(() => rm(directory, { recursive: true }));

const write = (value: string) => replace(JSON.stringify({ value }));

/** In one step, as editors do: a watcher never finds half of it. */
async function replace(text: string): Promise<void> {
  await writeFile(join(directory, "data.json.new"), text);
  await rename(join(directory, "data.json.new"), join(directory, "data.json"));
}

describe("bundleWorker", () => {
  it("puts everything into one ES module without types", async () => {
    const script = await bundleWorker(entry);
    expect(script).toContain("on disk");
    expect(script).toMatch(/export \{\s+value\s+\}/);
  });

  it("takes given contents in place of a file", async () => {
    const script = await bundleWorker(entry, { files: { [join(directory, "data.json")]: '{"value":"given"}' } });
    expect(script).toContain("given");
    expect(script).not.toContain("on disk");
  });

  it("minifies if asked, and then keeps no names of functions", async () => {
    await writeFile(entry, "export const makeValue = () => function madeHere() {};\n");
    const [readable, minified] = [await bundleWorker(entry), await bundleWorker(entry, { minify: true })];
    expect(readable).toContain("madeHere");
    expect(minified).not.toMatch(/madeHere|\n./);
  });

  it("rejects code that does not compile, and says where", async () => {
    await writeFile(entry, "export const = 1;");
    const error = await bundleWorker(entry).catch((error: unknown) => error);
    expect(isBuildFailure(error)).toBe(true);
    expect(String(error)).toContain("index.ts:1:13");
  });

  it("leaves the runtime's own modules to the runtime", async () => {
    await writeFile(entry, 'import { env } from "cloudflare:workers";\nexport default env;');
    expect(await bundleWorker(entry)).toContain('from "cloudflare:workers"');
  });
});

describe("watchScripts", () => {
  it("reloads when another file changes, and serves on when that cannot be prepared", async () => {
    const otherFile = join(directory, "vars.toml");
    const happened: string[] = [];
    const rebuilds: (readonly string[])[] = [];
    let tell = () => {};
    const stop = await watchScripts({
      entries: { worker: entry },
      otherFiles: () => [otherFile],
      scripts: { worker: await bundleWorker(entry) },
      async prepare() {
        const text = await readFile(otherFile, "utf8");
        if (text === "faulty") throw new Error("no vars");
        happened.push(`prepared ${text}`);
      },
      async reload() {
        happened.push("reloaded");
      },
      onRebuild(errors) {
        rebuilds.push(errors);
        tell();
      },
    });
    for (const text of ["created", "faulty", "fixed"]) {
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      await writeFile(otherFile, text);
      await told;
    }
    await stop();
    expect(happened).toEqual(["prepared created", "reloaded", "prepared fixed", "reloaded"]);
    expect(rebuilds).toEqual([[], ["no vars"], []]);
  });

  it("serves a change, keeps what is served when one does not compile or load, and tells each time", async () => {
    const scripts = { worker: await bundleWorker(entry) };
    const served: string[] = [];
    const rebuilds: (readonly string[])[] = [];
    let tell = () => {};
    const stop = await watchScripts({
      entries: { worker: entry },
      scripts,
      async reload({ worker }) {
        if (worker.includes("unloadable")) throw new Error("does not load");
        served.push(/"(.*)"/.exec(worker)?.[1] ?? "");
      },
      onRebuild(errors) {
        rebuilds.push(errors);
        tell();
      },
    });
    const afterWriting = async (change: Promise<void>) => {
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      await change;
      await told;
    };

    await afterWriting(write("first change"));
    await afterWriting(replace("{"));
    await afterWriting(write("unloadable"));
    await afterWriting(write("last change"));
    await stop();

    expect(served).toEqual(["first change", "first change", "last change"]);
    expect(rebuilds).toEqual([[], [expect.stringContaining("data.json")], ["does not load"], []]);
  });
});
