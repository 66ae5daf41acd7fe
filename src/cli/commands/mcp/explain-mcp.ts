import { askedRequest } from "../../../explain/asked-request.ts";
import { askedMessage } from "../../../explain/message/asked-message.ts";
import { REVISIONS } from "../../../mcp/message-headers.ts";
import { success } from "../../../result.ts";
import { defineCommand } from "../../args/command.ts";
import { UsageError } from "../../args/exit-code.ts";
import { scopesOf } from "../../explain/chosen-caller.ts";
import { explainOptions } from "../../explain/explain-options.ts";
import { runExplain } from "../../explain/run-explain.ts";

export default defineCommand({
  name: "explain mcp",
  summary: "Send an MCP message through the six stages and explain the outcome. Exit code 1: it is refused.",
  options: {
    ...explainOptions,
    revision: {
      type: "string",
      choices: REVISIONS,
      description:
        "The revision of the protocol that the request names. Default: the newest, and for a reply the newest that has replies.",
    },
  },
  positionals: {
    path: { required: true, description: "Path of the MCP route, or a whole URL." },
    method: { required: true, description: "Method of the message, such as tools/call, or `reply`." },
    names: {
      variadic: true,
      description:
        "The tool, the prompt, or the URI of the resource. For subscriptions/listen, all URIs; for completion/complete, ref/prompt or ref/resource first.",
    },
  },
  examples: [
    "/mcp tools/call create_order --client agent",
    "/mcp resources/read orders://17 --scope read:orders",
    "/mcp completion/complete ref/prompt summary --client agent",
    "/mcp tools/list --token-file token.txt --jwks https://issuer.example/.well-known/jwks.json",
    "/mcp reply --client agent --json",
  ],
  run(args) {
    const message = askedMessage(args.method, args.names, args.revision);
    if (!message.ok) throw new UsageError(message.failure);
    const scopes = scopesOf(args.scope, []);
    return runExplain(args, scopes, (policy) => {
      const asked = askedRequest({ method: "POST", path: args.path, host: args.host }, policy);
      return asked.ok ? success({ ...asked.value, message: message.value }) : asked;
    });
  },
});
