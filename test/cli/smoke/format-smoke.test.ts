import { expect, it } from "vitest";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { formatSmoke } from "../../../src/cli/smoke/format-smoke.ts";

const plain = coloursFor({ isTTY: false });

it("each check is one line, a failed one says what to do, and the last line counts", () => {
  const lines = formatSmoke(
    [
      { name: "ready", outcome: "ok", found: "every issuer has keys", fix: undefined },
      { name: "refusal", outcome: "skipped", found: "no protected route takes GET", fix: undefined },
      { name: "unknown route", outcome: "failed", found: "GET /x: 200", fix: "Look there." },
    ],
    plain,
  );
  expect(lines).toEqual([
    "ok    ready          every issuer has keys",
    "skip  refusal        no protected route takes GET",
    "FAIL  unknown route  GET /x: 200",
    "      Look there.",
    "1 check failed.",
  ]);
});

it("says that the gateway works if nothing failed", () => {
  const [, last] = formatSmoke([{ name: "ready", outcome: "ok", found: "", fix: undefined }], plain);
  expect(last).toBe("The gateway works.");
});
