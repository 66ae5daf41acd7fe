import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { OWN_POLICIES } from "../support/project/own-policies.ts";
import { projectFile, ROOT } from "../support/project/project-files.ts";

type Leg = Readonly<Record<string, string | number>>;

interface Matrix {
  readonly os: readonly string[];
  readonly node: readonly number[];
  readonly include: readonly Leg[];
  readonly exclude: readonly Leg[];
}

const {
  jobs: { gate },
}: { jobs: { gate: { strategy: { matrix: Matrix } } } } = parse(projectFile(".github/workflows/ci.yml"));
const { os, node, include, exclude } = gate.strategy.matrix;
const isPartOf = (part: Leg, leg: Leg, names: readonly string[]) =>
  names.every((name) => part[name] === undefined || part[name] === leg[name]);

/** The jobs of the matrix, as GitHub makes them: without the excluded ones, and with what is included for each. */
const legs: readonly Leg[] = os
  .flatMap((system) => node.map((version): Leg => ({ os: system, node: version })))
  .filter((leg) => !exclude.some((excluded) => isPartOf(excluded, leg, ["os", "node"])))
  .map((leg) => Object.assign({}, leg, ...include.filter((extra) => isPartOf(extra, leg, ["os", "node"]))));

const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" });

/**
 * npm puts the Node of the lockfile first on the PATH of scripts. Once, a matrix of three Nodes tested this one thrice.
 */
describe("the machines of CI", () => {
  it("run the scripts by the Node that each of them names, except for the one that cannot", () => {
    for (const leg of legs) expect(leg).toMatchObject(leg["node"] === 20 ? { node: 20 } : { own_node: leg["node"] });
    expect(legs.filter((leg) => leg["node"] === 20).every((leg) => leg["own_node"] === undefined)).toBe(true);
  });

  it("are Linux, macOS and Windows, each with Node 22 and 24", () => {
    const named = legs.map((leg) => `${String(leg["os"]).split("-")[0]} ${leg["node"]}`);
    expect(named.toSorted()).toEqual([
      "macos 22",
      "macos 24",
      "ubuntu 20",
      "ubuntu 22",
      "ubuntu 24",
      "windows 20",
      "windows 22",
      "windows 24",
    ]);
  });

  it("run all tests with each of the other policies at the root, and with the one that is there", () => {
    const policies = new Set(legs.map((leg) => leg["own_policy"] ?? 0));
    expect([...policies].toSorted()).toEqual([0, ...OWN_POLICIES.map((_, at) => at + 1)]);
  });

  it.runIf(process.env["OWN_NODE"])("run this test by the Node that is asked for", () => {
    expect(process.versions.node).toMatch(new RegExp(`^${process.env["OWN_NODE"]}\\.`));
  });
});

/** An older Node may run npm, and npm would then warn of every package that the Node of the scripts runs well. */
describe("the engines that packages need", () => {
  it("are checked by .ci/run with the Node that runs the scripts, and not by the npm of a machine", () => {
    expect(projectFile(".npmrc")).toMatch(/^loglevel=error$/m);
    expect(projectFile(".ci/run")).toMatch(/^step npm exec --call "npm ci --dry-run --engine-strict [^"]*"$/m);
  });
});

describe("a checkout on any machine", () => {
  it("has LF in every text file", () => {
    expect(
      git("ls-files", "--eol")
        .split("\n")
        .filter((line) => /^i\/(?:crlf|mixed)/.test(line)),
    ).toEqual([]);
    expect(
      git("check-attr", "text", "eol", "--", "src/index.ts", "README.md", "docs/measurements/keys.svg"),
    ).not.toMatch(/unspecified/);
  });

  it.each(["src/cli/main.ts", ".ci/run"])("can execute %s", (file) => {
    expect(git("ls-files", "--stage", "--", file)).toMatch(/^100755 /);
    expect(projectFile(file)).toMatch(/^#!\/usr\/bin\/env (?:node|bash)\n/);
  });
});
