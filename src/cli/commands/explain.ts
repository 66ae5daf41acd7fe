import { askedRequest } from "../../explain/asked-request.ts";
import { type AssumedValue, parseAssumedValue } from "../../explain/assumed-values.ts";
import {
  type Assumption,
  assumedCaller,
  type Caller,
  callerWithToken,
  nobody,
  registeredClient,
} from "../../explain/caller.ts";
import { explainRequest } from "../../explain/explain-request.ts";
import { policyOn } from "../../policy/analysis/reports.ts";
import { isGuid } from "../../policy/issuers/tenants.ts";
import type { Client, Policy } from "../../policy/policy.ts";
import { BINDING_METHODS, type BindingMethod } from "../../policy/requirements/binding.ts";
import { nameHint } from "../../policy/suggestion.ts";
import { defineCommand } from "../args/command.ts";
import { chosenDay, dayOption } from "../args/day-option.ts";
import { EXIT, InputError, UsageError } from "../args/exit-code.ts";
import { assertToken, readTokenFile, tokenFileOption } from "../args/read-token.ts";
import { formatExplanation } from "../explain/format-explanation.ts";
import { createJwksKeyStore } from "../explain/jwks-key-store.ts";
import { jsonOption } from "../output.ts";
import { loadPolicy, placeOf, policyOption } from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printLines } from "../print/print-lines.ts";
import { withProgress } from "../print/progress.ts";

export default defineCommand({
  name: "explain",
  summary: "Send a request through the six stages and explain the outcome. Exit code 1: it is refused.",
  options: {
    token: {
      type: "string",
      description: "An access token. Other users of this machine may see it; prefer --token-file.",
    },
    ...tokenFileOption,
    jwks: { type: "string", valueHint: "file|url", description: "Key set for verifying the token's signature." },
    client: {
      type: "string",
      description: "Assume a token of this client, with all scopes that the policy grants it.",
    },
    scope: {
      type: "string",
      multiple: true,
      description: "Assume a token with these scopes (short or full names); may be repeated.",
    },
    grant: {
      type: "string",
      multiple: true,
      valueHint: "claim=value",
      description:
        "Assume a token whose claim has this value, such as cognito:groups=staff; may be repeated. With --client, the token has no scopes of its registration beside it, unless --scope names them.",
    },
    claim: {
      type: "string",
      multiple: true,
      valueHint: "claim=value",
      description:
        "Assume a token whose claim has this value, for conditions and step-up, such as sub=alice, /org/tier=gold, acr=mfa or auth_time=-60 (60 seconds ago); may be repeated.",
    },
    issuer: { type: "string", description: "Assume a token of this issuer: a name in `issuers`." },
    tenant: {
      type: "string",
      valueHint: "guid",
      description: "Assume a token of this tenant, where the issuer has `tenants`. Default: the first that it lists.",
    },
    bound: {
      type: "string",
      choices: BINDING_METHODS,
      description:
        "Assume a token that is bound to its sender, by a DPoP key or a client certificate. Default: as the issuer's `binding` requires.",
    },
    env: {
      type: "string",
      description: "Use the vars of this environment of wrangler's file; default: the top level.",
    },
    host: {
      type: "string",
      description:
        "The request's Host header, with or without a port. Default: the host of the policy's `publicUrl` or the first of its `hosts`.",
    },
    ...policyOption,
    ...dayOption,
    ...jsonOption,
  },
  positionals: {
    method: { required: true, description: "HTTP method; case matters." },
    path: { required: true, description: "Path, with or without a query, or a whole URL." },
    scopes: { variadic: true, description: "More scopes, if --scope is given." },
  },
  examples: [
    "GET /orders/17 --client customer",
    "GET /users/alice --scope read:users --claim sub=alice",
    "POST /orders --scope read:orders write:orders",
    "GET /orders --client web --grant cognito:groups=staff",
    "GET /orders --token-file token.txt --jwks https://issuer.example/.well-known/jwks.json",
    "GET /orders --token-file - --env production < token.txt",
    "GET /orders --client customer --bound mtls",
    "GET /orders --host api.example.",
    "GET /orders --client customer --on 2027-02-01",
  ],
  async run(args) {
    const scopes = scopesOf(args.scope, args.scopes);
    const isAssumed =
      (args.client ?? scopes ?? args.grant[0] ?? args.claim[0] ?? args.issuer ?? args.tenant ?? args.bound) !==
        undefined || undefined;
    const given = [args.token, args["token-file"], isAssumed].filter((it) => it !== undefined);
    if (given.length > 1) {
      throw new UsageError(
        "Give one of --token, --token-file, and what a token is assumed to have: --client, --scope, --grant, --claim, --issuer, --tenant, --bound.",
      );
    }
    const text = args.token ?? (args["token-file"] === undefined ? undefined : readTokenFile(args["token-file"]));
    if (text !== undefined) assertToken(text);
    if (args.jwks !== undefined && text === undefined)
      throw new UsageError("--jwks is for a token: give one with --token-file.");
    const day = chosenDay(args.on, Date.now());
    const { loaded, explanation } = await withProgress(async (onStep) => {
      const read = await loadPolicy(args.policy, { from: "wrangler", environment: args.env });
      const loaded = { ...read, policy: policyOn(read.policy, day) };
      onStep("explaining the request");
      if (args.tenant !== undefined) assertTenant(args.tenant, loaded.policy);
      const asked = askedRequest({ method: args.method, path: args.path, host: args.host }, loaded.policy);
      if (!asked.ok) throw new UsageError(`${asked.failure.message} ${asked.failure.hint}`);
      const keys = args.jwks === undefined ? undefined : createJwksKeyStore(args.jwks);
      const caller: Caller =
        text !== undefined
          ? callerWithToken(text, loaded.policy, keys, Date.now())
          : isAssumed
            ? assumedCaller(assumptionOf(args, scopes, loaded.policy), loaded.policy)
            : nobody;
      return { loaded, explanation: await explainRequest(loaded.policy, asked.value, caller) };
    });
    if (args.json) printJson(explanation);
    else printLines(formatExplanation(explanation, (path) => placeOf(loaded, path), coloursFor()));
    return explanation.outcome === "refused" ? EXIT.findings : EXIT.fine;
  },
});

/** @throws UsageError the text is no GUID; InputError no issuer has tenants */
function assertTenant(tenant: string, { issuers }: Policy): void {
  if (!isGuid(tenant)) throw new UsageError("--tenant is not a GUID.");
  if (Array.from(issuers.values()).some(({ tenants }) => tenants !== undefined)) return;
  throw new InputError("--tenant: no issuer of the policy has `tenants`.");
}

/** The scopes of `--scope a --scope "b c" d`: all spellings that people try. */
function scopesOf(given: readonly string[], more: readonly string[]): readonly string[] | undefined {
  if (given.length === 0) {
    if (more.length === 0) return undefined;
    throw new UsageError(`\`${more[0]}\` is one argument too many: scopes follow --scope.`);
  }
  const names = [...given, ...more].flatMap((text) => text.split(/[\s,]+/)).filter((name) => name !== "");
  if (names.length === 0) throw new UsageError("--scope names no scope.");
  return names;
}

interface AssumedOptions {
  readonly client?: string | undefined;
  readonly issuer?: string | undefined;
  readonly grant: readonly string[];
  readonly claim: readonly string[];
  readonly tenant?: string | undefined;
  readonly bound?: BindingMethod | undefined;
}

function assumptionOf(
  { client: name, issuer: issuerName, grant, claim, tenant, bound }: AssumedOptions,
  scopes: readonly string[] | undefined,
  policy: Policy,
): Assumption {
  const client = clientNamed(name, policy);
  const issuers = [...policy.issuers.values()];
  const issuer = issuers.find((it) => it.name === issuerName);
  if (issuerName !== undefined && issuer === undefined) {
    const hint = nameHint(
      issuerName,
      issuers.map((it) => it.name),
    );
    throw new InputError(`There is no issuer \`${issuerName}\` in \`issuers\`. ${hint}`);
  }
  if (client && issuer && client.issuer !== issuer.name) {
    throw new InputError(
      `The client \`${client.name}\` is registered by \`${client.issuer}\`, not by \`${issuer.name}\`.`,
    );
  }
  const valuesOf = (option: string, texts: readonly string[]): readonly AssumedValue[] =>
    texts.map((text) => {
      const value = parseAssumedValue(text, issuers);
      if (value.ok) return value.value;
      throw new UsageError(`${option} ${text}: ${value.failure.message} ${value.failure.hint}`);
    });
  const [values, tested] = [valuesOf("--grant", grant), valuesOf("--claim", claim)];
  return { client, scopes, issuer, values, tested, tenant, bound };
}

function clientNamed(name: string | undefined, policy: Policy): Client | undefined {
  if (name === undefined) return undefined;
  const client = registeredClient(name, policy);
  if (client.ok) return client.value;
  throw new InputError(`${client.failure.message} ${client.failure.hint}`);
}
