import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectFile } from "../support/project/project-files.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly types: readonly string[]; readonly paths: readonly string[] }>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow: Workflow = parse(projectFile(".github/workflows/policy-diff.yml"));
const jobs = Object.entries(workflow.jobs);
const steps = jobs.flatMap(([job, { steps: its }]) => its.map((step) => ({ job, ...step })));
const runsCode = ({ run = "" }: Step): boolean => /\bnpm\b|\bnode\b|\bnpx\b/.test(run);

/**
 * The check of a pull request must not be in the hands of its author. Once, the pull request's own tool judged it, and
 * a label that was given once covered every later push.
 */
describe("the workflow policy-diff", () => {
  it("runs for pull requests that change the policy, its variables or its labels, and for nothing else", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    expect(workflow.on["pull_request"]?.types).toEqual(["opened", "synchronize", "reopened", "labeled", "unlabeled"]);
    expect(workflow.on["pull_request"]?.paths).toEqual([
      "routes.json",
      "wrangler.json",
      "wrangler.jsonc",
      "wrangler.toml",
    ]);
  });

  it("checks out the base by its hash, and nothing else", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with)).toEqual([
      { ref: "${" + "{ github.event.pull_request.base.sha }}", "persist-credentials": false },
    ]);
    for (const { run = "" } of steps)
      expect(run).not.toMatch(/git (?:checkout|switch|restore|reset|merge|worktree|archive|apply)/);
  });

  it("fetches the pull request by its hash, and makes sure that the merge is one of its head", () => {
    const fetches = steps.filter(({ run }) => run?.includes(" fetch "));
    expect(fetches).toHaveLength(1);
    const [fetch] = fetches;
    expect(fetch?.env).toMatchObject({
      MERGE: "${" + "{ github.sha }}",
      PULL_HEAD: "${" + "{ github.event.pull_request.head.sha }}",
    });
    expect(fetch?.run).toMatch(/fetch [^\n]*origin "\$MERGE"\n/);
    expect(fetch?.run).toContain('test "$(git rev-parse --verify "$MERGE^2")" = "$PULL_HEAD"');
  });

  it("compares commits by their hashes, so that nothing is read from files of the pull request", () => {
    const compares = steps.filter(({ run }) => run?.includes("scopegate"));
    expect(compares.map(({ run }) => /scopegate -- [^>]*/.exec(run ?? "")?.[0].trim())).toEqual([
      'scopegate -- diff "git:$MERGE^1" "git:$MERGE" --markdown --fail-on looser',
    ]);
  });

  it("gives no credential to a step that runs code, and no code to a job that may write", () => {
    for (const step of steps.filter(runsCode)) expect(JSON.stringify(step.env ?? {})).not.toMatch(/token/i);
    for (const [, job] of jobs) {
      if (Object.values(job.permissions ?? {}).includes("write")) expect(job.steps.filter(runsCode)).toEqual([]);
      if (Object.values(job.permissions ?? {}).includes("write"))
        expect(job.steps.some(({ uses }) => uses)).toBe(false);
    }
  });

  it("takes no cache that a run of the pull request could have written", () => {
    for (const step of steps) {
      expect(step.uses ?? "").not.toMatch(/cache/);
      expect(Object.keys(step.with ?? {})).not.toContain("cache");
    }
  });

  it("puts nothing into a script that its author could write", () => {
    for (const { run = "" } of steps) expect(run).not.toContain("${" + "{");
  });

  it("removes the label at each push", () => {
    expect(workflow.jobs["unlabel"]?.if).toContain("github.event.action == 'synchronize'");
    expect(workflow.jobs["unlabel"]?.steps[0]?.run).toMatch(/--method DELETE .*\/labels\/policy-looser"$/);
  });
});

/** The workflow runs on Linux. On Windows, `bash` may be another system's. */
describe.skipIf(process.platform === "win32")("the check of the workflow policy-diff", () => {
  const decided = workflow.jobs["decided"];
  const script = decided?.steps[0]?.run ?? "";

  it("always runs, because GitHub takes a skipped check for a successful one", () => {
    expect(decided?.if).toBe("always()");
  });

  it.each([
    { name: "nothing becomes looser", RESULT: "success", LOOSER: "0", ACTION: "opened", LABEL: "", expected: 0 },
    { name: "it becomes looser", RESULT: "success", LOOSER: "1", ACTION: "opened", LABEL: "", expected: 1 },
    {
      name: "the label is given",
      RESULT: "success",
      LOOSER: "1",
      ACTION: "labeled",
      LABEL: "policy-looser",
      expected: 0,
    },
    { name: "another label is given", RESULT: "success", LOOSER: "1", ACTION: "labeled", LABEL: "docs", expected: 1 },
    {
      name: "the label is taken away",
      RESULT: "success",
      LOOSER: "1",
      ACTION: "unlabeled",
      LABEL: "policy-looser",
      expected: 1,
    },
    {
      name: "a commit is pushed after the label",
      RESULT: "success",
      LOOSER: "1",
      ACTION: "synchronize",
      LABEL: "",
      expected: 1,
    },
    {
      name: "the comparison failed",
      RESULT: "failure",
      LOOSER: "",
      ACTION: "labeled",
      LABEL: "policy-looser",
      expected: 1,
    },
    {
      name: "the comparison was cancelled",
      RESULT: "cancelled",
      LOOSER: "0",
      ACTION: "opened",
      LABEL: "",
      expected: 1,
    },
    { name: "the comparison says nothing", RESULT: "success", LOOSER: "", ACTION: "opened", LABEL: "", expected: 1 },
  ])("ends with $expected if $name", ({ expected, name: _, ...env }) => {
    expect(spawnSync("bash", ["-e", "-c", script], { env: { PATH: process.env["PATH"], ...env } }).status).toBe(
      expected,
    );
  });
});
