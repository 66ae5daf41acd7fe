import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFile, ROOT, tableRows } from "../support/project/project-files.ts";

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies?: Versions;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly deprecated?: string;
  /** The entry stands for a folder of this repository. */
  readonly link?: boolean;
}

const manifest: Manifest = JSON.parse(projectFile("package.json"));
/** Brings the Node for the scripts. It is a folder of this repository, so that the published package does not. */
const NODE_FOLDER = "tools/node";
const nodes: Pick<Manifest, "optionalDependencies"> = JSON.parse(projectFile(`${NODE_FOLDER}/package.json`));
const locked: ReadonlyMap<string, LockedPackage> = new Map(
  Object.entries<LockedPackage>(JSON.parse(projectFile("package-lock.json")).packages).filter(
    ([path, { link }]) => path !== "" && path !== NODE_FOLDER && link !== true,
  ),
);
const { "node-for-scripts": nodeFolder, ...published } = { ...manifest.dependencies, ...manifest.devDependencies };
const direct = { ...published, ...nodes.optionalDependencies };
const licences = projectFile("docs/reference/licenses.md");
const licenceOf = (name: string): string | undefined => locked.get(`node_modules/${name.replaceAll("`", "")}`)?.license;
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
/** Paths of the locked packages for which `isWrong` is true. */
const lockedWhere = (isWrong: (entry: LockedPackage) => boolean): string[] =>
  Array.from(locked)
    .filter(([, entry]) => isWrong(entry))
    .map(([path]) => path);

describe("dependencies", () => {
  it.each(Object.entries(direct))("pin %s to one version, the locked one", (name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    expect(locked.get(`node_modules/${name}`)?.version).toBe(version);
  });

  it("bring no Node to the projects that install the package", () => {
    expect(nodeFolder).toBe(`file:${NODE_FOLDER}`);
    expect(manifest.optionalDependencies).toBeUndefined();
    expect(Object.keys(nodes.optionalDependencies ?? {}).length).toBeGreaterThan(0);
  });

  it("are locked with a SHA-512 of their content, and come from the public registry only", () => {
    expect(lockedWhere(({ integrity }) => !integrity?.startsWith("sha512-"))).toEqual([]);
    const registry = "https://registry.npmjs.org/";
    expect(lockedWhere(({ resolved }) => resolved !== undefined && !resolved.startsWith(registry))).toEqual([]);
  });

  /** `.npmrc` hides npm's warning about this. */
  it("are not deprecated", () => {
    expect(lockedWhere(({ deprecated }) => deprecated !== undefined)).toEqual([]);
  });

  it("run no install script but those that are allowed", () => {
    const scripts = new Set(lockedWhere(({ hasInstallScript }) => hasInstallScript === true).map(nameOf));
    expect([...scripts].filter((name) => manifest.allowScripts[name] !== true)).toEqual([]);
  });
});

describe("licences", () => {
  it("of what is deployed are listed, each as the package has it", () => {
    const listed = tableRows(licences, ["package", "licence", "copyright"]).map(([name, licence]) => [name, licence]);
    expect(listed).toEqual(
      tableRows(projectFile("README.md"), ["package", "for"]).map(([name = ""]) => [name, licenceOf(name)]),
    );
  });

  it("of what the package needs beside that are listed, and these are all of its dependencies", () => {
    const listed = tableRows(licences, ["package", "licence", "needed for"]);
    expect(listed.map(([name, licence]) => [name, licence])).toEqual(
      listed.map(([name = ""]) => [name, licenceOf(name)]),
    );
    const deployed = tableRows(licences, ["package", "licence", "copyright"]);
    const needed = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect([...deployed, ...listed].map(([name]) => name).toSorted()).toEqual(
      Object.keys(needed)
        .map((name) => `\`${name}\``)
        .toSorted(),
    );
  });

  it("of the range of wrangler, the version that is tested is the lowest", () => {
    expect(manifest.peerDependencies).toEqual({ wrangler: `^${manifest.devDependencies["wrangler"]}` });
  });

  it("of the tools are among those that are listed", () => {
    const accepted = new Set(tableRows(licences, ["licence", "for example"]).map(([licence]) => licence));
    expect(lockedWhere(({ license }) => !accepted.has(`\`${license}\``))).toEqual([]);
  });
});

describe("the workflows", () => {
  const folder = ".github/workflows";
  const workflows = readdirSync(join(ROOT, folder)).map((name) => ({
    name,
    text: projectFile(`${folder}/${name}`),
  }));

  it("exist", () => {
    expect(workflows.map(({ name }) => name)).toContain("ci.yml");
  });

  it.each(workflows)("pin every action to a commit and say which version it is: $name", ({ text }) => {
    const uses = text.match(/^.*\buses:.*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  /** The permissions that the jobs of a workflow may have. A workflow that is not listed may have none. */
  const needed: Readonly<Record<string, readonly string[]>> = {
    "ci.yml": ["contents: read"],
    // For the job that comments; it runs no code of the pull request.
    "policy-diff.yml": ["contents: read", "pull-requests: write"],
    "release.yml": ["contents: read"],
  };

  it.each(workflows)("have no permission but what each job needs: $name", ({ name, text }) => {
    expect(text).toMatch(/^permissions: \{\}$/m);
    const granted = text.match(/(?<=^ +)\w[\w-]*: (?:read|write|none)$/gm) ?? [];
    expect([...new Set(granted)].toSorted()).toEqual(needed[name] ?? []);
    expect(text).not.toMatch(/write-all|read-all/);
  });

  it.each(workflows)("leave no credential behind, and give a pull request no secret: $name", ({ name, text }) => {
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    expect(text.match(/persist-credentials: false/g) ?? []).toHaveLength(checkouts.length);
    expect(text).not.toMatch(/pull_request_target|workflow_run/);
    // Only a person starts it, and the secrets are those of a protected environment.
    if (name !== "release.yml") expect(text).not.toMatch(/secrets\./);
  });

  it("release only by hand, and give secrets only to the job of the protected environment", () => {
    const text = projectFile(".github/workflows/release.yml");
    expect(/^on:\n((?: .*\n)+)/m.exec(text)?.[1]?.match(/^ {2}\w+/gm)).toEqual(["  workflow_dispatch"]);
    const [before = "", job = ""] = text.split(/^ {2}release:$/m);
    expect(before).not.toMatch(/secrets\./);
    expect(job).toMatch(/^ {4}environment: \$\{\{ inputs\.environment \}\}$/m);
    expect(job).toContain("needs: plan");
    // An expression in a script would let an input add commands to it.
    expect(text.match(/^ +(?:- )?run: .*\$\{\{/gm)).toBeNull();
  });
});
