import { basename } from "node:path";
import { chosenRecipe } from "../init/first-policy.ts";
import type { Answers } from "../init/read-answers.ts";
import { hasNoClient } from "../init/recipes.ts";
import { ownFile, type Versions } from "./own-package.ts";
import { type FirstCaller, projectDecisions } from "./project-decisions.ts";
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
  const caller: FirstCaller = hasNoClient(chosenRecipe(answers.answers)) ? "any client" : { client: clients[0] };
  const first = upstreams[0]?.name ?? "";
  return new Map([
    ["package.json", projectManifest(name, source, versions)],
    ["routes.json", `${JSON.stringify(file, null, 2)}\n`],
    [
      "routes.test.json",
      projectDecisions(
        upstreams.map((it) => it.name),
        caller,
      ),
    ],
    ["wrangler.toml", projectWrangler(name, vars)],
    ["src/index.ts", INDEX],
    ["test/policy.test.ts", projectTest(Object.keys(vars))],
    [".gitignore", GITIGNORE],
    [".dev.vars.example", devVarsExample(vars)],
    [".github/workflows/checks.yml", CHECKS_WORKFLOW],
    [POLICY_DIFF, ownFile(POLICY_DIFF)],
    ["README.md", projectReadme(name, first, caller, source)],
  ]);
}
