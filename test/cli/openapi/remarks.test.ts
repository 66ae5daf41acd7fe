import { expect, test } from "vitest";
import { Remarks } from "../../../src/cli/openapi/remarks.ts";

test("operations that share a remark share a sentence", () => {
  const remarks = new Remarks();
  for (const path of ["/a", "/b", "/c"]) remarks.add("is loud", { method: "GET", path, security: [] });
  remarks.add("is quiet", { method: "PUT", path: "/a", security: [] });
  expect(remarks.sentences()).toEqual(["GET /a and 2 more: each is loud.", "PUT /a is quiet."]);
  expect(new Remarks().sentences()).toEqual([]);
});
