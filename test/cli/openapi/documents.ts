import { createRequire } from "node:module";

/** A real document, of which nobody here wrote a line: from `@readme/oas-examples`. */
export function realDocument(path: string): string {
  return createRequire(import.meta.url).resolve(`@readme/oas-examples/${path}`);
}

/** A document of some paths, with the scopes `read:pets` and `write:pets`. */
export function petDocument(paths: Readonly<Record<string, unknown>>, members: Readonly<Record<string, unknown>> = {}) {
  return {
    openapi: "3.1.0",
    info: { title: "Pets", version: "1" },
    components: {
      securitySchemes: {
        pets: {
          type: "oauth2",
          flows: {
            clientCredentials: {
              tokenUrl: "https://issuer.example/token",
              scopes: { "read:pets": "Read pets", "write:pets": "Change pets" },
            },
          },
        },
        key: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
    paths,
    ...members,
  };
}

/** An operation that needs all of these scopes. */
export function needing(...scopes: string[]) {
  return { security: [{ pets: scopes }], responses: {} };
}
