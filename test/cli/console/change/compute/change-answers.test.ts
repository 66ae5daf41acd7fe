import { describe, expect, it } from "vitest";
import type { ChangeAnswer, ChangeQuestion } from "../../../../../src/cli/console/change/compute/change-answer.ts";
import { ChangeAnswers, type VersionedQuestion } from "../../../../../src/cli/console/change/compute/change-answers.ts";

const COMPARED: ChangeAnswer = {
  kind: "compared",
  difference: { routes: [], settings: [], clients: [], assumption: undefined },
  isSameText: true,
  calls: [],
  settingCircumstances: [],
  clientCircumstances: [],
  clientLabels: [],
  isClientKept: [],
  guarantees: [],
  newFindings: [],
};
const UNUSABLE: ChangeAnswer = { kind: "unusable", version: "new", lines: ["routes.json:1:1: Wrong. Fix it."] };

function asked(text: string, revision = "git:HEAD"): VersionedQuestion {
  const commit = { id: "a".repeat(40), date: "2026-01-01T00:00:00Z", subject: "Subject" };
  const question: ChangeQuestion = {
    policyName: "routes.json",
    text,
    revision: { name: revision, commit, path: "/routes.json" },
    day: "2026-01-01",
    environment: undefined,
  };
  return { version: `${revision} ${text}`, question };
}

/** Answers whose questions stay open until they are answered by the test. */
function openAnswers() {
  const questions: string[] = [];
  const open: PromiseWithResolvers<ChangeAnswer>[] = [];
  const answers = new ChangeAnswers((question) => {
    questions.push(question.text);
    const answer = Promise.withResolvers<ChangeAnswer>();
    open.push(answer);
    return answer.promise;
  });
  const begun = () => expect.poll(() => open.length).toBeGreaterThan(0);
  return {
    answers,
    questions,
    begun,
    async settle(answer: ChangeAnswer) {
      await begun();
      open.shift()?.resolve(answer);
    },
    async fail(error: Error) {
      await begun();
      open.shift()?.reject(error);
    },
  };
}

describe("the answers of the change page", () => {
  it("are computed once, however many pages ask", async () => {
    const { answers, questions, settle } = openAnswers();
    const both = Promise.all([answers.answer(asked("one"), 10_000), answers.answer(asked("one"), 10_000)]);
    await settle(COMPARED);
    expect(await both).toEqual([COMPARED, COMPARED]);
    expect(await answers.answer(asked("one"), 0)).toBe(COMPARED);
    expect(questions).toEqual(["one"]);
  });

  it("are not waited for longer than the page wants, and are there later", async () => {
    const { answers, settle } = openAnswers();
    expect(await answers.answer(asked("one"), 1)).toBeUndefined();
    expect(answers.has("git:HEAD one")).toBe(false);
    await settle(COMPARED);
    await expect.poll(() => answers.has("git:HEAD one")).toBe(true);
    expect(await answers.answer(asked("one"), 0)).toBe(COMPARED);
  });

  it("are left out if a newer text comes before they are computed, but not those of another revision", async () => {
    const { answers, questions, begun, settle } = openAnswers();
    const first = answers.answer(asked("first"), 10_000);
    await begun();
    const texts = [first, ...["second", "third"].map((text) => answers.answer(asked(text), 10_000))];
    const other = answers.answer(asked("second", "git:main"), 10_000);
    for (const _ of [1, 2, 3]) await settle(COMPARED);
    expect(await Promise.all([...texts, other])).toEqual([COMPARED, undefined, COMPARED, COMPARED]);
    expect(questions).toEqual(["first", "third", "second"]);
  });

  it.each([
    { name: "stopped when a newer text comes", next: asked("second"), stopped: ["first"] },
    { name: "not stopped by a question with another revision", next: asked("second", "git:main"), stopped: [] },
    { name: "not stopped by the same question", next: asked("first"), stopped: [] },
  ])("are $name", async ({ next, stopped }) => {
    const seen: string[] = [];
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const answers = new ChangeAnswers(async ({ text, revision }, stop) => {
      if (text !== "first" || revision.name !== "git:HEAD") return COMPARED;
      begun.resolve();
      const aborted = Promise.withResolvers<never>();
      stop.addEventListener("abort", () => {
        seen.push(text);
        aborted.reject(new Error("stopped"));
      });
      await Promise.race([finish.promise, aborted.promise]);
      return COMPARED;
    });
    const first = answers.answer(asked("first"), 10_000);
    await begun.promise;
    const other = answers.answer(next, 10_000);
    finish.resolve();
    expect(await Promise.all([first, other])).toEqual([stopped.length > 0 ? undefined : COMPARED, COMPARED]);
    expect(seen).toEqual(stopped);
    expect(answers.has("git:HEAD first")).toBe(stopped.length === 0);
  });

  it("are computed for a text that comes back, even while they are stopped", async () => {
    const begun: string[] = [];
    const answers = new ChangeAnswers(async ({ text }, stop) => {
      begun.push(text);
      if (begun.length > 1) return COMPARED;
      const aborted = Promise.withResolvers<never>();
      stop.addEventListener("abort", () => aborted.reject(new Error("stopped")));
      return await aborted.promise;
    });
    const first = answers.answer(asked("first"), 10_000);
    await expect.poll(() => begun).toEqual(["first"]);
    const rest = [answers.answer(asked("second"), 10_000), answers.answer(asked("first"), 10_000)];
    expect(await Promise.all([first, ...rest])).toEqual([undefined, undefined, COMPARED]);
    expect(begun).toEqual(["first", "first"]);
    expect(answers.has("git:HEAD first")).toBe(true);
  });

  it("are computed again if they were left out", async () => {
    const { answers, questions, settle } = openAnswers();
    const all = ["second", "third"].map((text) => answers.answer(asked(text), 10_000));
    await settle(COMPARED);
    await Promise.all(all);
    const again = answers.answer(asked("second"), 10_000);
    await settle(UNUSABLE);
    expect(await again).toBe(UNUSABLE);
    expect(questions).toEqual(["third", "second"]);
  });

  it("remember the last version that could be compared", async () => {
    const { answers, settle } = openAnswers();
    for (const [text, answer] of [
      ["good", COMPARED],
      ["bad", UNUSABLE],
    ] as const) {
      const settled = answers.answer(asked(text), 10_000);
      await settle(answer);
      await settled;
    }
    expect(answers.lastCompared(asked("bad").question)).toBe(COMPARED);
    expect(answers.lastCompared(asked("bad", "git:main").question)).toBeUndefined();
  });

  it.each([
    { name: "kept for the eighth text", others: 7, expected: ["0"] },
    { name: "dropped with the ninth", others: 8, expected: ["0", "0"] },
  ])("are $name", async ({ others, expected }) => {
    const computed: string[] = [];
    const answers = new ChangeAnswers(async ({ text }) => {
      computed.push(text);
      return COMPARED;
    });
    for (let text = 0; text <= others; text += 1) await answers.answer(asked(String(text)), 10_000);
    expect(answers.has("git:HEAD 0")).toBe(expected.length === 1);
    await answers.answer(asked("0"), 10_000);
    expect(computed.filter((text) => text === "0")).toEqual(expected);
  });

  it("are left out where so many questions wait that nobody would keep them", async () => {
    const { answers, questions, begun, settle } = openAnswers();
    const first = answers.answer(asked("text", "git:first"), 10_000);
    await begun();
    const revisions = Array.from({ length: 1_000 }, (_, at) => `git:HEAD~${at}`);
    const all = revisions.map((revision) => answers.answer(asked(revision, revision), 10_000));
    for (let at = 0; at < 9; at += 1) await settle(COMPARED);
    expect(await first).toBe(COMPARED);
    const answered = await Promise.all(all);
    expect(answered.map((answer) => answer !== undefined)).toEqual(revisions.map((_, at) => at >= 992));
    expect(questions).toEqual(["text", ...revisions.slice(-8)]);
  });

  it("are a bug for everyone who asks, once it is known, and the next question is answered", async () => {
    const { answers, questions, settle, fail } = openAnswers();
    const failing = answers.answer(asked("one"), 10_000);
    await fail(new Error("a bug"));
    await expect(failing).rejects.toThrow("a bug");
    expect(answers.has("git:HEAD one")).toBe(true);
    await expect(answers.answer(asked("one"), 0)).rejects.toThrow("a bug");
    const next = answers.answer(asked("two"), 10_000);
    await settle(COMPARED);
    expect(await next).toBe(COMPARED);
    expect(questions).toEqual(["one", "two"]);
  });
});
