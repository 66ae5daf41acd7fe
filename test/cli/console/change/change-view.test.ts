import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningConsole } from "../../../../src/cli/console/start-console.ts";
import { openConsole } from "../../../browser/support/open-console.ts";
import { NEW, OLD, pageAt, plain } from "../../../support/cli/change-page.ts";
import { createRepository } from "../../../support/cli/git-repository.ts";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { HOSTILE_TEXT, hostilePolicyFile } from "../../../support/policy/hostile-policy.ts";

const DAY = "2026-06-01";

describe("the page of what changes", () => {
  const repository = createRepository();
  const FILE = repository.path("routes.json");
  const save = (policy: unknown) => repository.write("routes.json", policy);
  let console: RunningConsole;
  save(OLD);
  const first = repository.commit("First policy");
  beforeAll(async () => {
    console = await openConsole(FILE);
  });
  afterAll(() => console.close());

  it("says that nothing changes, and why", async () => {
    save(OLD);
    expect(plain((await pageAt(console)).text)).toContain("Nothing changes: the text is that of git:HEAD.");
    save(JSON.stringify(OLD));
    expect(plain((await pageAt(console)).text)).toContain("Nothing changes: the text differs, but it means the same.");
  });

  it("has the numbers of diff --json and of prove --json", async () => {
    save(NEW);
    const { status, text } = await pageAt(console);
    const json = async (...args: readonly string[]) =>
      JSON.parse((await scopegate(...args, "--on", DAY, "--json")).stdout);
    const diff = await json("diff", `git:HEAD:${FILE}`, FILE);
    const kinds: readonly string[] = [...diff.routes, ...diff.settings].map(({ kind }) => kind);
    const shown = Array.from(
      text.matchAll(/<a class="badge \w+" href="#kind-([\w-]+)">(.*?)<\/a>/g),
      ([, kind, label]) => [kind, plain(label ?? "").match(/\d+/)?.[0]],
    );
    const counts = Map.groupBy(kinds, (kind) => kind);
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(Array.from(counts, ([kind, all]) => [kind, String(all.length)])),
    );
    expect(shown.length).toBeGreaterThan(5);
    expect(plain(text)).toContain(`${kinds.length} changes:`);
    for (const [kind, count] of shown) expect(plain(text)).toContain(` ${kind} ${count} `);
    for (const { client, gained, lost, unenforced } of diff.clients) {
      const parts = [
        ["can now", gained],
        ["can no longer", lost],
        ["can still", unenforced],
      ].filter(([, calls]) => calls.length > 0);
      const label = client === "customer" ? "customer (The app)" : client;
      expect(plain(text)).toContain(`${label} ${parts.map(([verb, calls]) => `${verb} ${calls.length}`).join(", ")}`);
    }
    const { guarantees } = await json("prove", "--policy", FILE);
    expect(text.match(/<li class="broken">/g)).toHaveLength(
      guarantees.filter(({ holds }: { holds: boolean }) => !holds).length,
    );
    expect(plain(text)).toContain("BROKEN customers only read");
    expect(status).toBe(200);
  });

  it("links each witness to the page that explains it, which agrees", async () => {
    save(NEW);
    const { text } = await pageAt(console);
    const links = Array.from(
      text.matchAll(/<a href="(\/why\?[^"]*)">([^<]*)<\/a>/g),
      ([, address = "", label = ""]) => {
        return { address: address.replaceAll("&amp;", "&"), label };
      },
    );
    const verdictOf = async (address: string) => {
      const answer = await (await fetch(console.url + address)).text();
      return /<p class="verdict[^"]*"><strong>([^<]*)/.exec(answer)?.[1];
    };
    const told = links.filter(({ label }) => label.includes("permitted"));
    expect(told.some(({ label }) => label.includes("no longer"))).toBe(true);
    expect(told.some(({ label }) => label.includes("now"))).toBe(true);
    for (const { address, label } of told) {
      const verdict = await verdictOf(address);
      const expected = label.includes("no longer") ? "Refused: 403" : "Forwarded to";
      expect([label, verdict]).toEqual([label, expect.stringContaining(expected)]);
    }
    for (const { address } of links) expect(await verdictOf(address)).toBeDefined();
  });

  it("compares with the revision in the address, and lists the commits of the file", async () => {
    save(NEW);
    repository.commit("<img src=x onerror=alert(1)> \u001b[31mred");
    save({ ...NEW, realm: "another" });
    const head = await pageAt(console);
    expect(plain(head.text)).toContain("1 change: • 1 other");
    expect(plain(head.text)).toContain("<img src=x onerror=alert(1)> \\u{1b}[31mred");
    expect(head.text).not.toContain("<img");
    const older = await pageAt(console, `?against=git:${first.slice(0, 10)}`);
    expect(older.text).toContain(`<a href="/change?against=git%3A${first.slice(0, 10)}" aria-current="true">`);
    expect(plain(older.text)).toContain("opened");
    expect(older.text).toContain(`value="git:${first.slice(0, 10)}"`);
    repository.git("reset", "--quiet", "--hard", first);
  });

  it.each([
    { name: "a file", against: "/etc/passwd", sentence: "the page compares no other file" },
    {
      name: "another file of a commit",
      against: "git:HEAD:x",
      sentence: "the page compares no other file of a commit",
    },
    { name: "an option of git", against: "git:--help", sentence: "This is not a git revision." },
    { name: "markup", against: `git:${HOSTILE_TEXT}`, sentence: "This is not a git revision." },
  ])("refuses $name with one sentence", async ({ against, sentence }) => {
    const { status, text } = await pageAt(console, `?${new URLSearchParams({ against })}`);
    expect(status).toBe(400);
    expect(plain(text)).toContain(sentence);
    expect(text).not.toContain("<evil-element");
  });

  it("says which revision git does not know, and keeps the form", async () => {
    const { status, text } = await pageAt(console, "?against=git:nowhere");
    expect(status).toBe(200);
    expect(plain(text)).toContain("git knows no revision nowhere in this repository.");
    expect(text).toContain('value="git:nowhere"');
  });

  it("keeps the form where a revision lacks its prefix, and says what to write", async () => {
    const { status, text } = await pageAt(console, "?against=HEAD~1");
    expect(status).toBe(400);
    expect(plain(text)).toContain("Write a git revision of the same file, such as git:HEAD");
    expect(text).toContain('value="HEAD~1"');
  });

  it("shows where an invalid file is wrong, and keeps the last valid version on view, marked", async () => {
    save(NEW);
    const valid = await pageAt(console);
    const summary = /<p id="change-summary".*<\/p>/.exec(valid.text)?.[0] ?? "none";
    save(`{\n  "issuers": {},\n  "issuers": <b>\n}`);
    const broken = await pageAt(console);
    expect(plain(broken.text)).toContain(`${FILE}:3:3: The member "issuers" appears twice. Remove one of them.`);
    expect(plain(broken.text)).toContain(`Where the file is wrong ${FILE}:3:3 "issuers": <b>`);
    expect(broken.text).toContain("<mark>&quot;issuers&quot;</mark>: &lt;b&gt;</code>");
    expect(plain(broken.text)).toContain(`${FILE} is invalid. This is the last valid version.`);
    expect(broken.text).toContain(summary);
    save(NEW);
    const again = await pageAt(console);
    expect(again.text).not.toContain("<mark>");
    expect(again.text).not.toContain("the last valid version.");
  });

  it("shows nothing but the faults if no version was valid, and the difference once one is", async () => {
    save("{}");
    await using fresh = await openConsole(FILE);
    const broken = await pageAt(fresh);
    expect(plain(broken.text)).toContain("There is nothing to compare until the policy is valid.");
    expect(broken.text).toContain("<mark>");
    save(NEW);
    expect((await pageAt(fresh)).text).toContain('id="change-summary"');
  });

  it("keeps the last comparison on view where the file is invalid in one environment only", async () => {
    const withVariable = (url: string) => ({ ...OLD, upstreams: { ...OLD.upstreams, orders: { url } } });
    const staging = (url: string) =>
      repository.write("wrangler.toml", `[vars]\nURL = "https://a.example"\n[env.staging.vars]\nURL = "${url}"\n`);
    staging("https://b.example");
    save(withVariable("$" + "{URL}"));
    await using fresh = await openConsole(FILE);
    expect((await pageAt(fresh)).text).toContain('id="change-summary"');
    staging("ftp://b.example");
    const broken = await pageAt(fresh);
    expect(plain(broken.text)).toContain("cannot be compared:");
    expect(plain(broken.text)).toContain("This is the last version that could be compared.");
    expect(broken.text).toContain('id="change-summary"');
    rmSync(repository.path("wrangler.toml"));
  });

  it("says that the old version is invalid", async () => {
    save("{}");
    repository.commit("Broken");
    save(NEW);
    const { text } = await pageAt(console);
    expect(plain(text)).toContain("The version of git:HEAD cannot be compared:");
    repository.git("reset", "--quiet", "--hard", first);
  });

  it("shows a policy of a commit, which does not change", async () => {
    save(NEW);
    const second = repository.commit("Second");
    await using fresh = await openConsole(`git:${second}:${FILE}`);
    expect(plain((await pageAt(fresh, "?against=git:HEAD~1")).text)).toContain("opened");
    repository.git("reset", "--quiet", "--hard", first);
  });

  it("lets no markup of a policy out, in any part", async () => {
    save(hostilePolicyFile());
    for (const against of ["git:HEAD", `git:${repository.commit("Hostile")}`]) {
      const { text } = await pageAt(console, `?against=${against}`);
      expect(text).not.toMatch(/<evil-element|<img|<script>/);
    }
    save(OLD);
    const { text } = await pageAt(console);
    expect(text).toContain("&lt;evil-element");
    expect(text).not.toMatch(/<evil-element|<img|<script>/);
    repository.git("reset", "--quiet", "--hard", first);
  });
});

describe("the page of a policy without a history", () => {
  const outside = scratchDirectory();
  const empty = createRepository();
  const committed = createRepository();
  committed.write("other.json", {});
  committed.commit("Another file");
  it.each([
    {
      name: "no repository",
      file: join(outside.path, "routes.json"),
      sentence: "git finds no repository for routes.json",
    },
    { name: "no commit", file: empty.path("routes.json"), sentence: "The repository has no commit yet" },
    { name: "a new file", file: committed.path("routes.json"), sentence: "git:HEAD has no file routes.json" },
  ])("says so in one sentence: $name", async ({ file, sentence }) => {
    writeFileSync(file, JSON.stringify(OLD));
    await using fresh = await openConsole(file);
    const { status, text } = await pageAt(fresh);
    expect(status).toBe(200);
    expect(plain(text)).toContain(sentence);
  });
});
