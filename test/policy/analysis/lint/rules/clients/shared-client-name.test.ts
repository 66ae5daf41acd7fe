import { expect, it } from "vitest";
import { lintsWithCode, messagesOf, withMembers } from "../../../../../support/policy/lints.ts";

const scopes = ["read:orders", "write:orders"];
const lintsFor = (clients: Readonly<Record<string, { readonly name?: string; readonly id?: string }>>) =>
  withMembers({
    clients: Object.fromEntries(Object.entries(clients).map(([key, client]) => [key, { ...client, scopes }])),
  });

it.each([
  { name: "the same name again", web: { name: "Shop" }, app: { name: "Shop" }, expected: ["app"] },
  { name: "a name in another case", web: { name: "Shop" }, app: { name: "shop" }, expected: ["app"] },
  { name: "a name in full-width letters", web: { name: "Shop" }, app: { name: "Ｓｈｏｐ" }, expected: ["app"] },
  { name: "a name with other spaces", web: { name: "Web shop" }, app: { name: "Web\u00a0 shop" }, expected: ["app"] },
  { name: "a name with an invisible character", web: { name: "Shop" }, app: { name: "Sh\u200bop" }, expected: ["app"] },
  { name: "a name that is the key of another client", web: {}, app: { name: "Web" }, expected: ["app"] },
  { name: "a name that is the key of a later client", web: { name: "app" }, app: {}, expected: ["web"] },
  {
    name: "a name that is the id of another client",
    web: { id: "4kq7l2" },
    app: { name: "4kq7l2" },
    expected: ["app"],
  },
  { name: "no client with its own key as its name", web: { name: "Web" }, app: {}, expected: [] },
  { name: "no client with its own id as its name", web: { id: "4kq7l2", name: "4kq7l2" }, app: {}, expected: [] },
  { name: "no two clients with other names", web: { name: "Web shop" }, app: { name: "Webshop" }, expected: [] },
  { name: "no client without a name", web: {}, app: {}, expected: [] },
])("reports $name", ({ web, app, expected }) => {
  expect(lintsWithCode(lintsFor({ web, app }), "shared-client-name")).toEqual(
    expected.map((key) => `shared-client-name $.clients.${key}.name`),
  );
});

it("names the first of several clients with one name", () => {
  const named = { name: "Shop" };
  expect(messagesOf(lintsFor({ web: named, app: named, tv: named }), "shared-client-name")).toEqual([
    "People may take this client for `web`, which is called the same.",
    "People may take this client for `web`, which is called the same.",
  ]);
});
