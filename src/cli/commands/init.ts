import { existsSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, InputError, UsageError } from "../args/exit-code.ts";
import { checkPolicy } from "../check/findings.ts";
import { formatFindings } from "../check/format-findings.ts";
import { ask } from "../init/ask.ts";
import {
  checkIssuer,
  checkResourceServer,
  type FirstPolicy,
  firstPolicy,
  parseUpstreams,
} from "../init/first-policy.ts";
import { coloursFor, jsonOption, printJson } from "../output.ts";
import { DEFAULT_POLICY, placeOf, readPolicySource } from "../policy-file/policy-source.ts";

const QUESTIONS = {
  issuer: { text: "Issuer: the `iss` of its access tokens, as a URL?", check: checkIssuer },
  "resource-server": {
    text: "Resource server: the identifier in front of its scopes, such as https://api.example.com?",
    check: checkResourceServer,
  },
  upstream: {
    text: "Upstreams: name=url, several separated by spaces?",
    check: (answer: string) => {
      const upstreams = parseUpstreams(answer);
      return typeof upstreams === "string" ? upstreams : undefined;
    },
  },
} as const;
type Topic = keyof typeof QUESTIONS;
const TOPICS: readonly Topic[] = ["issuer", "resource-server", "upstream"];

export default defineCommand({
  name: "init",
  summary: "Write a first policy. Asks, on a terminal, for what no option gives.",
  options: {
    issuer: { type: "string", valueHint: "url", description: "The issuer: `iss` of its access tokens." },
    "resource-server": { type: "string", valueHint: "id", description: "Identifier of the resource server." },
    upstream: {
      type: "string",
      multiple: true,
      valueHint: "name=url",
      description: "An upstream; may be repeated.",
    },
    policy: { type: "string", default: DEFAULT_POLICY, valueHint: "file", description: "The file to write." },
    force: { type: "boolean", description: "Overwrite a file that is there." },
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "",
    "--issuer https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E \\\n" +
      "  --resource-server https://api.example.com --upstream orders=https://orders.example.com",
  ],
  async run(args) {
    if (existsSync(args.policy) && !args.force) {
      throw new InputError(`${args.policy}: The file is there already. Use --force to overwrite it.`);
    }
    const answers = await completeAnswers({
      issuer: args.issuer,
      "resource-server": args["resource-server"],
      upstream: args.upstream.length > 0 ? args.upstream.join(" ") : undefined,
    });
    const file: PolicyConfig = { $schema: schemaFor(args.policy), ...firstPolicy(answers) };
    try {
      writeFileSync(args.policy, `${JSON.stringify(file, null, 2)}\n`);
    } catch {
      throw new InputError(`${args.policy}: The file cannot be written.`);
    }
    const source = readPolicySource(args.policy);
    const report = await checkPolicy(source);
    if (args.json) printJson({ policy: args.policy, file, findings: report.findings });
    else {
      console.log(`${args.policy} was written.`);
      console.log(formatFindings(report, source.name, (path) => placeOf(source, path), coloursFor()));
    }
    return report.findings.some(({ severity }) => severity !== "notice") ? EXIT.findings : EXIT.fine;
  },
});

async function completeAnswers(given: Readonly<Record<Topic, string | undefined>>): Promise<FirstPolicy> {
  for (const topic of TOPICS) {
    const answer = given[topic];
    const complaint = answer === undefined ? undefined : QUESTIONS[topic].check(answer);
    if (complaint !== undefined) throw new UsageError(`--${topic}: ${complaint}`);
  }
  const open = TOPICS.filter((topic) => given[topic] === undefined);
  // A program that starts this one is not asked: it would wait for ever.
  const canAsk = process.stdin.isTTY && process.stdout.isTTY;
  const asked =
    open.length > 0 && canAsk
      ? await ask(
          open.map((topic) => QUESTIONS[topic]),
          process,
        )
      : [];
  const answerTo = (topic: Topic): string => {
    const answer = given[topic] ?? asked?.[open.indexOf(topic)];
    if (answer === undefined) throw new UsageError(`Missing: ${open.map((it) => `--${it}`).join(", ")}.`);
    return answer;
  };
  const upstreams = parseUpstreams(answerTo("upstream"));
  if (typeof upstreams === "string") throw new UsageError(`--upstream: ${upstreams}`);
  return { issuer: answerTo("issuer"), resourceServer: answerTo("resource-server"), upstreams };
}

/** Where editors find the JSON Schema, seen from the policy. */
function schemaFor(policy: string): string {
  const schema = resolve(import.meta.dirname, "../../policy/routes.schema.json");
  const path = relative(dirname(resolve(policy)), schema)
    .split(sep)
    .join("/");
  return path.startsWith(".") ? path : `./${path}`;
}
