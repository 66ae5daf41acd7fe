import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { InputError } from "../../../../src/cli/args/exit-code.ts";
import { type PolicyInput, policyReader, shownPolicy, textsOf } from "../../../../src/cli/console/view/policy-state.ts";
import { compileSource } from "../../../../src/cli/policy-file/policy-source.ts";
import { exampleFile, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();

/** A reader of a new file, with a spy for its compiling. */
function readerOf(content: unknown, changed: Partial<PolicyInput> = {}) {
  const file = scratch.folder().write("routes.json", content);
  const compile = vi.fn<PolicyInput["compile"]>(async (source) => compileSource(source, {}));
  const read = policyReader({ name: file, compile, dependsOn: () => "", ...changed });
  return { file, compile, read };
}

describe("policyReader", () => {
  it("compiles once for as long as the file is the same, and keeps the object", async () => {
    const { file, read, compile } = readerOf(exampleFile());
    const first = shownPolicy(await read());
    writeFileSync(file, JSON.stringify(exampleFile(), null, 2));
    expect(shownPolicy(await read())).toBe(first);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  it("compiles once for calls at the same time", async () => {
    const { read, compile } = readerOf(exampleFile());
    const [one, other] = await Promise.all([read(), read()]);
    expect(one).toBe(other);
    expect(compile).toHaveBeenCalledTimes(1);
  });

  it("compiles again if the text changes, or what it depends on", async () => {
    let vars = "a";
    const { file, read, compile } = readerOf(exampleFile(), { dependsOn: () => vars });
    const first = shownPolicy(await read());
    writeFileSync(file, JSON.stringify(exampleFile({ realm: "other" })));
    expect(shownPolicy(await read())?.policy).not.toBe(first?.policy);
    vars = "b";
    await read();
    expect(compile).toHaveBeenCalledTimes(3);
  });

  it.each([
    { name: "is not JSON", text: "{", expected: "This is not JSON." },
    { name: "has faults", text: "{}", expected: "missing" },
  ])("keeps the last valid policy while the file $name", async ({ text, expected }) => {
    const { file, read } = readerOf(exampleFile());
    const valid = shownPolicy(await read());
    writeFileSync(file, text);
    const state = await read();
    expect(state).toMatchObject({ kind: "invalid", last: valid });
    expect(state.kind === "invalid" ? state.lines.join("\n") : "").toContain(expected);
    writeFileSync(file, JSON.stringify(exampleFile()));
    expect(await read()).toMatchObject({ kind: "valid" });
  });

  it("says that the file is gone, and comes back with it", async () => {
    const { file, read } = readerOf(exampleFile());
    await read();
    rmSync(file);
    expect(await read()).toMatchObject({ kind: "invalid", lines: [`${file}: There is no such file.`] });
    writeFileSync(file, JSON.stringify(exampleFile()));
    expect((await read()).kind).toBe("valid");
  });

  it("has no policy to show if none was valid", async () => {
    const { read } = readerOf("{}");
    const state = await read();
    expect([state.kind, shownPolicy(state)]).toEqual(["invalid", undefined]);
  });

  it("never shows an older text after a newer one", async () => {
    const slow = Promise.withResolvers<void>();
    let count = 0;
    const { file, read } = readerOf(exampleFile({ realm: "old" }), {
      async compile(source) {
        count += 1;
        if (count === 1) await slow.promise;
        return compileSource(source, {});
      },
    });
    const before = read();
    writeFileSync(file, JSON.stringify(exampleFile({ realm: "new" })));
    const after = read();
    slow.resolve();
    await before;
    await after;
    expect(shownPolicy(await read())?.policy.realm).toBe("new");
  });

  it("throws a bug, and tries again with the next call", async () => {
    const compile = vi.fn<PolicyInput["compile"]>(async (source) => compileSource(source, {}));
    compile.mockRejectedValueOnce(new TypeError("a bug"));
    const { read } = readerOf(exampleFile(), { compile });
    await expect(read()).rejects.toThrow("a bug");
    expect((await read()).kind).toBe("valid");
  });

  it("shows what cannot be compiled for another reason, such as a missing environment", async () => {
    const compile = () => Promise.reject(new InputError("There is no environment x in wrangler's file. Known: none."));
    const { read } = readerOf(exampleFile(), { compile });
    expect(await read()).toMatchObject({ kind: "invalid", lines: [expect.stringContaining("no environment x")] });
  });
});

describe("textsOf", () => {
  it("changes with each file, and with whether it is there", () => {
    const folder = scratch.folder();
    const [one, other] = ["one", "other"].map((name) => join(folder.path, name));
    const texts = () => textsOf([one ?? "", other ?? ""]);
    const seen = [texts()];
    for (const [name, text] of [
      ["one", "a"],
      ["other", "a"],
      ["other", "b"],
    ] as const) {
      folder.write(name, text);
      seen.push(texts());
    }
    expect(new Set(seen).size).toBe(seen.length);
  });
});
