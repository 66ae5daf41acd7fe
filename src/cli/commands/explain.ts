import { askedRequest } from "../../explain/asked-request.ts";
import { defineCommand } from "../args/command.ts";
import { scopesOf } from "../explain/chosen-caller.ts";
import { explainOptions } from "../explain/explain-options.ts";
import { runExplain } from "../explain/run-explain.ts";

export default defineCommand({
  name: "explain",
  summary: "Send a request through the six stages and explain the outcome. Exit code 1: it is refused.",
  options: explainOptions,
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
  run(args) {
    const { method, path, host } = args;
    return runExplain(args, scopesOf(args.scope, args.scopes), (policy) =>
      askedRequest({ method, path, host }, policy),
    );
  },
});
