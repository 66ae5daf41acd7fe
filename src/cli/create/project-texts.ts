/** The files that are the same in every project, except for the names of its vars. */

/** The Worker. */
export const INDEX = `// The gateway. wrangler.toml puts the compiled routes.json into it.
import gateway from "scopegate/worker";
export default gateway;
export * from "scopegate/worker";
`;

/** The files that git ignores. */
export const GITIGNORE = `node_modules/
dist/
.wrangler/
.dev.vars*
!.dev.vars.example
.env
.env.local
*keys.json
*.log
`;

/** A file to copy: values for one machine. */
export function devVarsExample(vars: Readonly<Record<string, string>>): string {
  return `# Values for \`npm run dev\` and \`npx wrangler dev\` on this machine, in place of the [vars] in wrangler.toml.
# To use them, copy this file to .dev.vars, which git ignores.
${Object.entries(vars)
  .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
  .join("")}`;
}

/** The checks of every change. The versions of the actions are pinned to commits. */
export const CHECKS_WORKFLOW = `name: checks
on:
  push:
    branches: [main]
  pull_request:
permissions: {}
jobs:
  checks:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09 # v5.1.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
          cache: npm
      - run: npm ci --no-audit --no-fund
      - run: npm run check
      - run: npm test
      - run: npm run build
`;
