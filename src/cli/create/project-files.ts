import { basename } from "node:path";
import type { Answers } from "../init/read-answers.ts";
import { ownFile, type Versions } from "./own-package.ts";
import { projectDecisions } from "./project-decisions.ts";
import { projectManifest, projectName } from "./project-manifest.ts";
import { projectPolicy } from "./project-policy.ts";
import { projectReadme } from "./project-readme.ts";
import { projectTest } from "./project-test.ts";
import { CHECKS_WORKFLOW, devVarsExample, GITIGNORE, INDEX } from "./project-texts.ts";
import { projectWrangler } from "./project-wrangler.ts";

/** The workflow of this repository serves projects as it is: they have the npm script that it runs. */
const POLICY_DIFF = ".github/workflows/policy-diff.yml";

/**
 * Every file of a new project: its path, and its text.
 *
 * @param folder the project's folder, which gives it its name
 * @param source what npm installs Scopegate from
 * @throws UsageError the answers make no policy
 */
export function projectFiles(
  folder: string,
  answers: Answers,
  source: string,
  versions: Versions,
): ReadonlyMap<string, string> {
  const name = projectName(basename(folder));
  const { file, vars } = projectPolicy(answers);
  const { upstreams, clients } = answers.answers;
  const first = upstreams[0]?.name ?? "";
  return new Map([
    ["package.json", projectManifest(name, source, versions)],
    ["routes.json", `${JSON.stringify(file, null, 2)}\n`],
    [
      "routes.test.json",
      projectDecisions(
        upstreams.map((it) => it.name),
        clients[0],
      ),
    ],
    ["wrangler.toml", projectWrangler(name, vars)],
    ["src/index.ts", INDEX],
    ["test/policy.test.ts", projectTest(Object.keys(vars))],
    [".gitignore", GITIGNORE],
    [".dev.vars.example", devVarsExample(vars)],
    [".github/workflows/checks.yml", CHECKS_WORKFLOW],
    [POLICY_DIFF, ownFile(POLICY_DIFF)],
    ["README.md", projectReadme(name, first, clients[0], source)],
  ]);
}
