import { LOCAL_TOKEN_URL } from "../../local/addresses.ts";
import { localSecret } from "../../local/issuer/clients.ts";
import { LOOPBACK } from "../../local/ports.ts";
import { requestToken, TokenRefusedError } from "../../local/request-token.ts";
import { shortestName } from "../../policy/analysis/format-requirement.ts";
import { resolveScope } from "../../policy/compile/scope-names.ts";
import type { Policy } from "../../policy/policy.ts";
import { defineCommand } from "../args/command.ts";
import { CommandError, EXIT, InputError, UsageError } from "../args/exit-code.ts";
import { DEFAULT_POLICY, loadPolicy } from "../policy-file/policy-source.ts";
import { printLines } from "../print/print-lines.ts";

export default defineCommand({
  name: "token",
  summary: "Print an access token, requested by client credentials. Exit code 1: the issuer refused or did not answer.",
  options: {
    client: { type: "string", required: true, description: "Name of the client in routes.json, or a client id." },
    scope: {
      type: "string",
      valueHint: "scopes",
      description: "Scopes separated by spaces, full or short names; default: all scopes of the client.",
    },
    issuer: {
      type: "string",
      valueHint: "name",
      description: "Name of the issuer in routes.json; default: that of the client, or the only one.",
    },
    policy: {
      type: "string",
      default: DEFAULT_POLICY,
      valueHint: "file",
      description: "The policy that the local stack runs.",
    },
    "token-url": { type: "string", valueHint: "url", default: LOCAL_TOKEN_URL, description: "Token endpoint." },
    secret: {
      type: "string",
      description: "Client secret; default: the secret that the local issuer gives this client.",
    },
  },
  positionals: {},
  examples: ["--client customer", '--client admin --scope "read:orders write:orders"', "--client ci --issuer auth0"],
  hasScript: true,
  async run(args) {
    const url = URL.parse(args["token-url"]);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new UsageError("--token-url needs an http or https URL.");
    }
    const policy = await readPolicy(args.policy);
    const issuer = issuerOf(policy, args.client, args.issuer, args.policy);
    const clientId = clientIdOf(policy, args.client, issuer);
    const scopes = (args.scope ?? "").split(/\s+/).filter((name) => name !== "");
    // The local issuer plays all issuers of the policy at one address.
    if (policy.issuers.size > 1 && url.hostname === LOOPBACK) url.searchParams.set("issuer", issuer);
    const request = {
      tokenUrl: url.href,
      clientId,
      clientSecret: args.secret ?? localSecret(clientId),
      scopes: scopes.map((name) => fullName(policy, name)),
    };
    try {
      printLines([await requestToken(request)]);
    } catch (error) {
      if (error instanceof TokenRefusedError) {
        const context = { policy, issuer, file: args.policy };
        throw new CommandError([error.message, ...explainRefusal(error.code, request, context)].join(" "));
      }
      throw new CommandError(`No answer from ${args["token-url"]}; is the local stack running (npm run dev)?`);
    }
    return EXIT.fine;
  },
});

/** The policy, with wrangler's vars only where made-up ones do not fit: reading wrangler's file takes a second. */
async function readPolicy(file: string): Promise<Policy> {
  try {
    return (await loadPolicy(file)).policy;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return (await loadPolicy(file, { from: "wrangler" })).policy;
  }
}

/**
 * The name of the issuer to ask. Throws `UsageError` if the policy has no such issuer, or several and none is meant.
 */
function issuerOf(policy: Policy, client: string, given: string | undefined, file: string): string {
  const known = Array.from(policy.issuers.values(), ({ name }) => name);
  const list = known.join(", ") || "none";
  if (given !== undefined && known.includes(given)) return given;
  if (given !== undefined) throw new UsageError(`${file} has no issuer \`${given}\`. Known: ${list}.`);
  const registered = Array.from(policy.clients.values()).filter(({ name, id }) => name === client || id === client);
  const [only, ...others] = new Set(registered.map(({ issuer }) => issuer));
  const found = policy.clients.get(client)?.issuer ?? (others.length === 0 ? only : undefined);
  if (found !== undefined) return found;
  const [first] = known;
  if (first === undefined) throw new UsageError(`${file} has no issuer, so no token is accepted.`);
  if (known.length === 1) return first;
  throw new UsageError(`${file} has several issuers: say with --issuer which one gives the token. Known: ${list}.`);
}

/** The client id of the client with this name. A name that the issuer does not register stands for itself. */
function clientIdOf(policy: Policy, client: string, issuer: string): string {
  const named = policy.clients.get(client);
  return named?.issuer === issuer ? named.id : client;
}

function fullName({ scopes }: Policy, name: string): string {
  const found = resolveScope(name, scopes);
  return found.ok ? found.value.fullName : name;
}

/** What an explanation of a refusal depends on. */
interface RefusalContext {
  readonly policy: Policy;
  readonly issuer: string;
  readonly file: string;
}

/**
 * What the policy lacks that may explain the refusal. Only used after the issuer has refused, because another issuer
 * may know clients and scopes that the policy does not declare.
 */
function explainRefusal(
  code: string,
  { clientId, scopes }: { readonly clientId: string; readonly scopes: readonly string[] },
  { policy, issuer, file }: RefusalContext,
): readonly string[] {
  if (code === "invalid_client" && !policy.registrations.get(issuer)?.has(clientId)) {
    const names = Array.from(policy.clients.values()).flatMap((it) => (it.issuer === issuer ? [it.name] : []));
    const { registeredClientsOnly = true } = Array.from(policy.issuers.values()).find((it) => it.name === issuer) ?? {};
    return [
      `${file} has no client \`${clientId}\`. Known: ${names.join(", ") || "none"}.`,
      ...(registeredClientsOnly ? [] : ["For a client that is not registered, name the scopes with --scope."]),
    ];
  }
  const unknown = scopes.find((scope) => !policy.scopes.byFullName.has(scope));
  if (code !== "invalid_scope") return [];
  if (unknown !== undefined) {
    return [`${file} declares no scope \`${unknown}\`. Known: ${namesOf(policy.scopes.byFullName.keys(), policy)}.`];
  }
  const granted = policy.registrations.get(issuer)?.get(clientId)?.scopes;
  const lacking = scopes.filter((scope) => granted !== undefined && !granted.has(scope));
  if (granted === undefined || lacking.length === 0) return [];
  return [`${file} does not grant the client ${namesOf(lacking, policy)}. It may have: ${namesOf(granted, policy)}.`];
}

function namesOf(fullNames: Iterable<string>, policy: Policy): string {
  return Array.from(fullNames, (name) => shortestName(name, policy)).join(", ") || "none";
}
