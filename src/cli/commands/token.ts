import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_TOKEN_URL } from "../../local/addresses.ts";
import {
  clientIdOf,
  declaredScopes,
  fullScopeName,
  localSecret,
  type ScopeSource,
} from "../../local/issuer/clients.ts";
import { requestToken, TokenRefusedError } from "../../local/request-token.ts";
import { defineCommand } from "../args/command.ts";
import { CommandError, EXIT, UsageError } from "../args/exit-code.ts";
import { printLines } from "../print/print-lines.ts";

const ROUTES_FILE = join(import.meta.dirname, "../../../routes.json");

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
    "token-url": { type: "string", valueHint: "url", default: LOCAL_TOKEN_URL, description: "Token endpoint." },
    secret: {
      type: "string",
      description: "Client secret; default: the secret that the local issuer gives this client.",
    },
  },
  positionals: {},
  examples: ["--client customer", '--client admin --scope "read:orders write:orders"'],
  hasScript: true,
  async run(args) {
    const { secret } = args;
    if (!/^https?:$/.test(URL.parse(args["token-url"])?.protocol ?? "")) {
      throw new UsageError("--token-url needs an http or https URL.");
    }
    const scopes = (args.scope ?? "").split(/\s+/).filter((name) => name !== "");
    const client = clientIdOf(readScopes(), args.client);
    printLines([await token(args["token-url"], client, secret ?? localSecret(client), scopes)]);
    return EXIT.fine;
  },
});

async function token(tokenUrl: string, clientId: string, clientSecret: string, names: readonly string[]) {
  const scopes = names.length === 0 ? [] : names.map((name) => fullScopeName(readScopes(), name));
  try {
    return await requestToken({ tokenUrl, clientId, clientSecret, scopes });
  } catch (error) {
    if (error instanceof TokenRefusedError) {
      throw new CommandError([error.message, ...explainRefusal(error.code, clientId, scopes)].join(" "));
    }
    throw new CommandError(`No answer from ${tokenUrl}; is the local stack running (npm run dev)?`);
  }
}

/**
 * What `routes.json` lacks that may explain the refusal. Only used after the issuer has refused, because another issuer
 * may know clients and scopes that this file does not declare.
 */
function explainRefusal(code: string, clientId: string, scopes: readonly string[]): readonly string[] {
  const source = readScopes();
  const isKnown = Object.keys(source.clients).some((name) => clientIdOf(source, name) === clientId);
  if (code === "invalid_client" && !isKnown) {
    return [`routes.json has no client \`${clientId}\`. Known: ${Object.keys(source.clients).join(", ") || "none"}.`];
  }
  const declared = declaredScopes(source);
  const unknown = scopes.find((scope) => !declared.includes(scope));
  if (code !== "invalid_scope" || unknown === undefined) return [];
  return [
    `routes.json declares no scope \`${unknown}\`. Known: ${declared.map(shorten(source)).join(", ") || "none"}.`,
  ];
}

/** Shortens full names where the short name is unambiguous. */
function shorten(source: ScopeSource): (fullName: string) => string {
  return (fullName) => {
    const shortName = fullName.replace(/^.*\//, "");
    return fullScopeName(source, shortName) === fullName ? shortName : fullName;
  };
}

/** The scopes and clients in `routes.json`. Nothing else in the file is checked. */
function readScopes(): ScopeSource {
  try {
    const file = JSON.parse(readFileSync(ROUTES_FILE, "utf8")) as Partial<ScopeSource>;
    return { resourceServers: file.resourceServers ?? {}, clients: file.clients ?? {} };
  } catch {
    throw new CommandError("routes.json cannot be read.");
  }
}
