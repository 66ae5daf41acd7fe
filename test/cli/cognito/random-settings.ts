import fc from "fast-check";
import type { CognitoSettings } from "../../../src/cli/cognito/settings.ts";

/** Names that Cognito or a template language would take for something else. */
const oddName = fc.constantFrom("orders", "Orders (v2)", "a:b", "$" + "{x}", "%%{y}", "é", "1st", "$$" + "{z}", "//");
const shortName = fc.constantFrom("read", "write:orders", "a.b", "$" + "{x}", "%" + "{y}");
const declaration = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constant("x".repeat(300)),
  fc.record({ description: fc.string({ maxLength: 3 }), implies: fc.constant<string[]>(["read"]) }),
);
/** Settings with every kind of name and description that Cognito or a template language cannot take as it is. */
export const randomSettings: fc.Arbitrary<CognitoSettings> = fc.record({
  servers: fc.uniqueArray(
    fc.record({
      identifier: fc.constantFrom("https://api.example", "https---api.example", "api", "$" + "{api}", "urn:x"),
      name: fc.option(fc.oneof(oddName, fc.constant("https---api.example")), { nil: undefined }),
      scopes: fc.dictionary(shortName, declaration, { maxKeys: 3, noNullPrototype: true }),
    }),
    { maxLength: 3, selector: ({ identifier }) => identifier },
  ),
  clients: fc.uniqueArray(
    fc.record({
      id: oddName,
      scopes: fc.uniqueArray(fc.constantFrom("api/read", "$" + "{api}/a.b"), { maxLength: 2 }),
      knownBy: fc.constant<"name">("name"),
    }),
    { maxLength: 3, selector: ({ id }) => id },
  ),
  userPoolId: fc.constant(undefined),
});
