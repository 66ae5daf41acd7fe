import { existsSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { FaultText, Result } from "../../result.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, InputError, UsageError } from "../args/exit-code.ts";
import { formatFindings } from "../check/format-findings.ts";
import { checkedPolicy, replacePolicy } from "../check/replace-policy.ts";
import { ask } from "../init/ask.ts";
import { findIssuerSettings } from "../init/find-issuer-settings.ts";
import {
  type FirstPolicy,
  firstPolicy,
  parseClients,
  parseIssuer,
  parseJwksUri,
  parseResourceServer,
  parseUpstreams,
} from "../init/first-policy.ts";
import { jsonOption } from "../output.ts";
import { DEFAULT_POLICY, placeOf } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";

/** What `init` has to know: the option that gives the answer, the question otherwise, and how an answer is read. */
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
/** What a script may leave out. */
const OPTIONAL: ReadonlySet<Topic> = new Set(["clients"]);

export default defineCommand({
  name: "init",
  summary:
    "Write a first policy. On a terminal, it asks for what no option gives. Exit code 1: the issuer's keys cannot be " +
    "found, or do not fit; nothing is written then.",
  options: {
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
    "jwks-uri": {
      type: "string",
      valueHint: "url",
      description: "The address of the issuer's keys; default: what the issuer's metadata says.",
    },
    offline: { type: "boolean", description: "Do not ask the issuer: assume the addresses of a known product." },
    policy: { type: "string", default: DEFAULT_POLICY, valueHint: "file", description: "The file to write." },
    force: { type: "boolean", description: "Overwrite the file if it exists." },
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "",
    "--issuer https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E \\\n" +
      "  --resource-server https://api.example.com --upstream orders=https://orders.example.com --client CLIENT_ID",
  ],
  async run(args) {
    if (existsSync(args.policy) && !args.force) {
      throw new InputError(`${args.policy}: The file is there already. Use --force to overwrite it.`);
    }
    const jwksUri =
      args["jwks-uri"] && parseAnswer<string>({ option: "jwks-uri", parse: parseJwksUri }, args["jwks-uri"]);
    const answers = await completeAnswers({
      issuer: args.issuer,
      resourceServer: args["resource-server"],
      upstreams: args.upstream.length > 0 ? args.upstream.join(" ") : undefined,
      clients: args.client.length > 0 ? args.client.join(" ") : undefined,
    });
    const found = await findIssuerSettings(answers.issuer, { jwksUri, isOffline: args.offline });
    const file: PolicyConfig = { $schema: schemaFor(args.policy), ...firstPolicy(answers, found.settings) };
    // An issuer that gave the address of its keys can also be asked for them.
    const text = `${JSON.stringify(file, null, 2)}\n`;
    const checked = await checkedPolicy(args.policy, text, { isOnline: found.isDiscovered });
    replacePolicy(checked);
    const { source, report } = checked;
    for (const remark of found.remarks) printErrorLines([remark]);
    if (args.json) printJson({ policy: args.policy, file, findings: report.findings });
    else {
      const findings = formatFindings(report, source.name, (path) => placeOf(source, path), coloursFor());
      printLines([`${args.policy} was written.`, ...findings]);
    }
    return EXIT.fine;
  },
});

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

/** The path from the policy to the JSON Schema, for editors. */
function schemaFor(policy: string): string {
  const schema = resolve(import.meta.dirname, "../../policy/routes.schema.json");
  const path = relative(dirname(resolve(policy)), schema)
    .split(sep)
    .join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
