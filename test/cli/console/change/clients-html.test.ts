import { describe, expect, it } from "vitest";
import { clientsHtml } from "../../../../src/cli/console/change/clients-html.ts";
import { NOTHING, plain } from "../../../support/cli/compared-change.ts";

describe("the clients", () => {
  const call = (path: string) => ({ methods: ["GET"], path, example: { method: "GET", path }, note: undefined });
  const client = (name: string, gained: number, lost = 0, unenforced = 0) => {
    const calls = (count: number) => Array.from({ length: count }, (_, at) => call(`/${at}`));
    return { client: name, gained: calls(gained), lost: calls(lost), unenforced: calls(unenforced) };
  };
  const withClients = (...clients: readonly ReturnType<typeof client>[]) => ({
    ...NOTHING,
    difference: { ...NOTHING.difference, clients: [...clients] },
    clientLabels: clients.map((it) => `${it.client} (label)`),
    clientCircumstances: clients.map(() => ({ gained: [], lost: [], unenforced: [] })),
    isClientKept: clients.map(() => true),
  });

  it("are not there if none gains or loses anything", () => {
    expect(clientsHtml(NOTHING)).toBe("");
  });

  it("have what they gain, lose and keep, with the numbers of diff", () => {
    const text = clientsHtml(withClients(client("app", 2, 1, 1)));
    expect(plain(text)).toContain("app (label) can now 2, can no longer 1, can still 1 can now GET /0 such as GET /0");
    expect(text).toContain('<a href="/why?method=GET&amp;path=/0&amp;client=app">such as GET /0</a>');
  });

  it("have no links to calls of one that the new version does not have", () => {
    const text = clientsHtml({ ...withClients(client("app", 0, 1)), isClientKept: [false] });
    expect(plain(text)).toContain("can no longer GET /0 such as GET /0");
    expect(text).not.toContain("<a ");
  });

  it.each([
    { count: 50, shown: 50, more: false },
    { count: 51, shown: 50, more: true },
  ])("show up to 50 calls in one way: $count", ({ count, shown, more }) => {
    const text = clientsHtml(withClients(client("app", count)));
    expect(text.match(/such as/g)).toHaveLength(shown);
    expect(text.includes("1 more call. All of them: diff --json")).toBe(more);
  });

  it("show up to 3,000 calls in all, and count the others", () => {
    const text = clientsHtml(withClients(...Array.from({ length: 61 }, (_, at) => client(`c${at}`, 50))));
    expect(text.match(/such as/g)).toHaveLength(3_000);
    expect(plain(text)).toContain("c60 (label) can now 50 can now 50 more calls. All of them: diff --json");
  });

  it.each([
    { count: 5, open: 5 },
    { count: 6, open: 0 },
  ])("are open unless there are many: $open of $count", ({ count, open }) => {
    const text = clientsHtml(withClients(...Array.from({ length: count }, (_, at) => client(`c${at}`, 1))));
    expect(text.match(/ open>/g)?.length ?? 0).toBe(open);
  });

  it("say what they assume", () => {
    const compared = withClients(client("app", 1));
    const difference = { ...compared.difference, assumption: "It assumes something." };
    expect(plain(clientsHtml({ ...compared, difference }))).toContain("Clients 1 It assumes something. app");
  });
});
