import type { FirstCaller } from "./project-decisions.ts";

/**
 * The README of a project: how to run, change, test, deploy and update it, on one page.
 *
 * @param upstream name of the first upstream, which is the name of its collection, too
 * @param source what npm installs Scopegate from: a range of versions, or a file
 */
export function projectReadme(name: string, upstream: string, caller: FirstCaller, source: string): string {
  const client = caller === "any client" ? undefined : caller.client;
  return `# ${name}

The gateway in front of our APIs, built on Scopegate. \`routes.json\` says who may call what. We own every file here; the
gateway itself is the package \`scopegate\`.

## Run it

\`\`\`sh
npm install
npm run dev
\`\`\`

\`npm run dev\` starts the gateway on this machine, with a local issuer in the place of the real one. It prints the
address, and commands for a call that is allowed and one that is refused.
${caller === "any client" ? "" : clientSection(client)}
| command | what it does |
|---|---|
| \`npm run dev\` | runs the gateway, and reloads it when \`routes.json\` changes |
| \`npm run token -- --client ${client ?? "CLIENT_ID"}\` | prints a token of the local issuer |
| \`npm run check\` | finds errors and warnings in \`routes.json\` |
| \`npm test\` | runs the tests: who may call what |
| \`npm run scopegate -- explain GET /${upstream}\` | says what happens to a request, and why |
| \`npm run scopegate -- test --coverage\` | lists the routes without a row that is let in, or without one that is refused |
| \`npm run scopegate -- matrix\` | shows which client may call which route |
| \`npm run scopegate -- diff git:HEAD routes.json\` | shows what a change opens or closes |
| \`npm run build\` | builds what would be deployed to production, and deploys nothing |
| \`npm run deploy\` | deploys to production |

## Change who may call what

Edit \`routes.json\`. Add a row to \`routes.test.json\` for what must be allowed and one for what must be refused, then
run \`npm run check\` and \`npm test\`. Editors that know JSON Schema complete both files. \`test/policy.test.ts\` asks
the same engine from code. Commit \`package-lock.json\`, too.

On GitHub, \`checks.yml\` runs both for every pull request. \`policy-diff.yml\` comments on a pull request with what it
opens or closes, and fails if the policy gets looser, until a person gives it the label \`policy-looser\`.

## Deploy

1. In \`wrangler.toml\`, set the \`[env.production.vars]\` and the host name in \`routes\`. On the free plan, remove
   \`limits\`. Placeholders are not deployed.
2. Run \`npx wrangler login\`, \`npm run build\` and \`npm run deploy\`. The first deployment creates the KV namespace.
3. Let your services accept requests only from the gateway: they trust its headers.

For another environment, such as staging, copy all \`[env.production...]\` tables and change their names.

## Update

${updateSection(source)}

## Read more

\`npx scopegate --help\` lists all commands. The guides and the reference of \`routes.json\` are in the folder \`docs\` of
the repository of Scopegate. Begin with its \`README.md\`.
`;
}

/** No update is found for a file: a person has to bring the next one. */
function updateSection(source: string): string {
  if (!source.startsWith("file:")) {
    return `Run \`npm update scopegate\`, then \`npm run check\` and \`npm test\`. Of the files in git, this changes only
\`package-lock.json\`.`;
  }
  return `Scopegate is the packed file in \`vendor/\`, which belongs in git. Copy the file of the next version there, run
\`npm install ./vendor/FILE\` with its name, and delete the old file. Outside \`vendor/\`, this changes only
\`package.json\` and \`package-lock.json\`. Then run \`npm run check\` and \`npm test\`.`;
}

function clientSection(client: string | undefined): string {
  if (client !== undefined) return "";
  return `
No client is let in yet. Add the \`client_id\` of the first to \`clients\` in \`routes.json\`.
`;
}
