import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningConsole } from "../../../../src/cli/console/start-console.ts";
import { openConsole } from "../../../browser/support/open-console.ts";
import { NEW, OLD, pageAt } from "../../../support/cli/change-page.ts";
import { createRepository } from "../../../support/cli/git-repository.ts";

describe("the events of the page", () => {
  const repository = createRepository();
  const FILE = repository.path("routes.json");
  repository.write("routes.json", OLD);
  repository.commit("First");
  let console: RunningConsole;
  beforeAll(async () => {
    console = await openConsole(FILE);
  });
  afterAll(() => console.close());

  const versionOf = async (query = "") => /data-version="([^"]+)"/.exec((await pageAt(console, query)).text)?.[1] ?? "";

  /** The ids of the first events of a stream. */
  async function* eventsAt(query: string, headers: Record<string, string> = {}) {
    const stopping = new AbortController();
    const { body } = await fetch(`${console.url}/change/events${query}`, { signal: stopping.signal, headers });
    try {
      let text = "";
      for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += part;
        const ids = Array.from(text.matchAll(/^id: (.+)\nevent: change\ndata: .*\n\n/gm), ([, id]) => id);
        text = text.slice(text.lastIndexOf("\n\n") + 2);
        yield* ids;
      }
    } finally {
      stopping.abort();
    }
  }

  it("come when the file changes, when it is invalid, and when a commit is made", async () => {
    const seen = await versionOf();
    const events = eventsAt(`?version=${seen}`);
    const next = async () => (await events.next()).value;
    const waiting = next();
    repository.write("routes.json", NEW);
    const changed = await waiting;
    expect(changed).not.toBe(seen);
    const computed = await versionOf();
    expect(await next()).toBe(computed);
    repository.write("routes.json", "{");
    expect([seen, changed, computed]).not.toContain(await next());
    repository.write("routes.json", NEW);
    expect(await next()).toBe(computed);
    repository.commit("Second");
    expect([seen, changed, computed]).not.toContain(await next());
    await events.return(undefined);
  });

  it("come at once to a page that is older, and not to one that is as new", async () => {
    const seen = await versionOf();
    const old = eventsAt("?version=older");
    expect((await old.next()).value).toBe(seen);
    await old.return(undefined);
    const again = eventsAt("?version=older", { "last-event-id": seen });
    const first = again.next();
    repository.write("routes.json", OLD);
    expect((await first).value).not.toBe(seen);
    await again.return(undefined);
  });

  it("do not come for an address that is no revision", async () => {
    const none = await fetch(`${console.url}/change/events?against=/etc/passwd`, {
      signal: AbortSignal.timeout(10_000),
    });
    const reader = none.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(":\n\n");
    await reader?.cancel();
  });
});
