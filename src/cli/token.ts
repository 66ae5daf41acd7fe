/** `npm run token`: prints an access token, and nothing else, to stdout. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "citty";
import { LOCAL_TOKEN_URL } from "../local/addresses.ts";
import { fullScopeName, localSecret, type ScopeSource } from "../local/issuer/clients.ts";
import { requestToken, TokenRefusedError } from "../local/request-token.ts";
import { CommandError, runCommand, UsageError } from "./run-command.ts";

const ROUTES_FILE = join(import.meta.dirname, "../../routes.json");

await runCommand(
  defineCommand({
    meta: { name: "token", description: "Get an access token by client credentials." },
    args: {
      client: { type: "string", required: true, description: "Client identifier, as in routes.json." },
      scope: {
        type: "string",
        description: "Scopes, separated by spaces, full or short; default: all of the client's.",
      },
      "token-url": { type: "string", default: LOCAL_TOKEN_URL, description: "Token endpoint." },
      secret: { type: "string", description: "Client secret; default: that of the local issuer." },
    },
    async run({ args }) {
      const { client, secret } = args;
      if (client === "") throw new UsageError("--client needs a client identifier.");
      if (!URL.canParse(args["token-url"])) throw new UsageError("--token-url needs a URL.");
      const scopes = (args.scope ?? "").split(/\s+/).filter((name) => name !== "");
      console.log(await token(args["token-url"], client, secret ?? localSecret(client), scopes));
    },
  }),
);

async function token(tokenUrl: string, clientId: string, clientSecret: string, names: readonly string[]) {
  const scopes = names.length === 0 ? [] : names.map((name) => fullScopeName(readScopes(), name));
  try {
    return await requestToken({ tokenUrl, clientId, clientSecret, scopes });
  } catch (error) {
    if (error instanceof TokenRefusedError) throw new CommandError(error.message);
    throw new CommandError(`No answer from ${tokenUrl}; is the local stack running (npm run dev)?`);
  }
}

/** The names in `routes.json`; whether the file is valid otherwise does not matter here. */
function readScopes(): ScopeSource {
  try {
    const file = JSON.parse(readFileSync(ROUTES_FILE, "utf8")) as Partial<ScopeSource>;
    return { resourceServers: file.resourceServers ?? {}, clients: file.clients ?? {} };
  } catch {
    throw new CommandError("routes.json cannot be read.");
  }
}
