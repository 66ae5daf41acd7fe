import type { FaultText, Result } from "../../result.ts";
import type { Options } from "../args/command.ts";
import { UsageError } from "../args/exit-code.ts";
import { tenantTemplate } from "../discovery/known-issuers.ts";
import { ask } from "./ask.ts";
import { findIssuerSettings, type IssuerSettings } from "./find-issuer-settings.ts";
import {
  chosenRecipe,
  type FirstPolicy,
  parseClients,
  parseIssuer,
  parseJwksUri,
  parseResourceServer,
  parseUpstreams,
  recipeAnswers,
} from "./first-policy.ts";
import { RECIPE_NAMES, type RecipeName } from "./recipe.ts";
import { recipeRemarks } from "./recipe-remarks.ts";
import { RECIPES, recipeFor, recipeSettings } from "./recipes.ts";

/** The options of every command that writes a first policy. On a terminal, questions stand in for the first four. */
export const answerOptions = {
  issuer: { type: "string", valueHint: "url", description: "The issuer: `iss` in its access tokens." },
  "resource-server": { type: "string", valueHint: "id", description: "Identifier of the resource server." },
  upstream: {
    type: "string",
    multiple: true,
    valueHint: "name=url",
    description: "An upstream; may be repeated.",
  },
  client: {
    type: "string",
    multiple: true,
    valueHint: "id",
    description: "A client that is let in, with every scope; may be repeated. Without one, nobody is let in yet.",
  },
  recipe: {
    type: "string",
    choices: RECIPE_NAMES,
    description: "What the issuer's tokens look like; default: what fits the issuer.",
  },
  audience: {
    type: "string",
    multiple: true,
    valueHint: "value",
    description: "An audience that tokens must name; may be repeated. Default: what the recipe says.",
  },
  group: {
    type: "string",
    multiple: true,
    valueHint: "value",
    description: "A group, role or permission of the issuer that grants every scope; may be repeated.",
  },
  tenant: {
    type: "string",
    multiple: true,
    valueHint: "id",
    description: "A tenant that is let in, for an issuer of several tenants (Entra ID); may be repeated.",
  },
  "jwks-uri": {
    type: "string",
    valueHint: "url",
    description: "The address of the issuer's keys; default: what the issuer's metadata says.",
  },
  offline: { type: "boolean", description: "Do not ask the issuer: assume the addresses of a known product." },
} as const satisfies Options;

/** The values of `answerOptions`. */
export interface AnswerArguments {
  readonly issuer: string | undefined;
  readonly "resource-server": string | undefined;
  readonly upstream: readonly string[];
  readonly client: readonly string[];
  readonly recipe: RecipeName | undefined;
  readonly audience: readonly string[];
  readonly group: readonly string[];
  readonly tenant: readonly string[];
  readonly "jwks-uri": string | undefined;
  readonly offline: boolean;
}

/** What a first policy is made from: the answers, and what was found out about the issuer. */
export interface Answers {
  readonly answers: FirstPolicy;
  readonly found: IssuerSettings;
}

/** For each answer: the option that gives it, the question that asks for it, and how it is read. */
const TOPICS = {
  issuer: {
    option: "issuer",
    text: "Issuer: the `iss` of its access tokens, as a URL?",
    parse: parseIssuer,
  },
  resourceServer: {
    option: "resource-server",
    text: "Resource server: the identifier in front of its scopes, for example https://api.example.com?",
    parse: parseResourceServer,
  },
  upstreams: {
    option: "upstream",
    text: "Upstreams: name=url, several separated by spaces?",
    parse: parseUpstreams,
  },
  clients: {
    option: "client",
    text: "First clients: their ids (`client_id` in tokens), several separated by spaces? They may have every scope.",
    parse: parseClients,
  },
} as const;
type Topic = keyof typeof TOPICS;
/** The answers that a script may leave out. */
const OPTIONAL: ReadonlySet<Topic> = new Set(["clients"]);

/**
 * Reads the answers from the options, asks for the others on a terminal, and finds out where the issuer keeps its keys.
 * The recipe is the one that was given, else the one that fits the issuer.
 *
 * @throws UsageError an answer is missing or cannot be read
 * @throws CommandError the address of the issuer's keys remains unknown
 */
export async function readAnswers(args: AnswerArguments): Promise<Answers> {
  const jwksUri =
    args["jwks-uri"] && parseAnswer<string>({ option: "jwks-uri", parse: parseJwksUri }, args["jwks-uri"]);
  const completed = await completeAnswers({
    issuer: args.tenant.length > 0 ? templateOf(args.issuer) : args.issuer,
    resourceServer: args["resource-server"],
    upstreams: args.upstream.length > 0 ? args.upstream.join(" ") : undefined,
    clients: args.client.length > 0 ? args.client.join(" ") : undefined,
  });
  const product = args.recipe && RECIPES[args.recipe].product;
  const found = await findIssuerSettings(completed.issuer, { jwksUri, isOffline: args.offline, product });
  if (product !== undefined && found.product !== undefined && found.product !== product) {
    throw new UsageError(`--recipe: ${args.recipe} is for ${product}, but the issuer is one of ${found.product}.`);
  }
  const recipe = args.recipe ?? recipeFor(found.product);
  const answers: FirstPolicy = {
    ...completed,
    ...(recipe && { recipe }),
    audiences: args.audience,
    groups: args.group,
    tenants: args.tenant,
  };
  refuseUnusedGroups(answers);
  const remarks = recipeRemarks(chosenRecipe(answers), found.product, recipeAnswers(answers));
  return { answers, found: { ...found, remarks: [...found.remarks, ...remarks] } };
}

/** Throws `UsageError` for a group that the recipe has no use for: it would grant nothing. */
function refuseUnusedGroups(answers: FirstPolicy): void {
  const { grants = {} } = recipeSettings(chosenRecipe(answers), recipeAnswers(answers));
  const used = new Set(Object.values(grants).flatMap((values) => Object.keys(values)));
  const unused = answers.groups?.find((group) => !used.has(group));
  if (unused === undefined) return;
  throw new UsageError(
    `--group: The recipe maps no groups, so ${unused} would grant nothing. Choose another --recipe.`,
  );
}

/** The issuer for the tenants that `--tenant` gives. Throws `UsageError` if the issuer has no tenants. */
function templateOf(issuer: string | undefined): string {
  const template = issuer && tenantTemplate(issuer);
  if (template) return template;
  throw new UsageError(
    "--tenant: Only addresses of Entra ID stand for several tenants. " +
      "Give --issuer https://login.microsoftonline.com/organizations/v2.0.",
  );
}

/** Asks for the answers that no option gave, on a terminal only. Throws `UsageError` for a bad or missing answer. */
async function completeAnswers(given: Readonly<Record<Topic, string | undefined>>): Promise<FirstPolicy> {
  const topics = Object.keys(TOPICS) as Topic[];
  // A bad option is refused before the first question.
  for (const topic of topics) if (given[topic] !== undefined) parseAnswer<unknown>(TOPICS[topic], given[topic]);
  const open = topics.filter((topic) => given[topic] === undefined);
  // Ask people only: a script that waits for a question would hang forever.
  const canAsk = open.length > 0 && process.stdin.isTTY && process.stdout.isTTY;
  const questions = open.map((topic) => TOPICS[topic]);
  const asked = canAsk ? await ask(questions, process) : [];
  const missing = open.filter((topic) => !OPTIONAL.has(topic)).map((topic) => `--${TOPICS[topic].option}`);
  const answerTo = (topic: Topic): string => {
    const answer = given[topic] ?? asked?.[open.indexOf(topic)] ?? (OPTIONAL.has(topic) ? "" : undefined);
    if (answer === undefined) throw new UsageError(`Missing: ${missing.join(", ")}.`);
    return answer;
  };
  return {
    issuer: parseAnswer(TOPICS.issuer, answerTo("issuer")),
    resourceServer: parseAnswer(TOPICS.resourceServer, answerTo("resourceServer")),
    upstreams: parseAnswer(TOPICS.upstreams, answerTo("upstreams")),
    clients: parseAnswer(TOPICS.clients, answerTo("clients")),
  };
}

/** Throws `UsageError` if an answer cannot be read. */
function parseAnswer<Value>(
  { option, parse }: { readonly option: string; readonly parse: (text: string) => Result<Value, FaultText> },
  text: string,
): Value {
  const parsed = parse(text);
  if (parsed.ok) return parsed.value;
  throw new UsageError(`--${option}: ${parsed.failure.message} ${parsed.failure.hint}`);
}
