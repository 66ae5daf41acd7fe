import { expect, it } from "vitest";
import { brokenHtml } from "../../../../src/cli/console/guarantees/broken-html.ts";

it.each([
  { name: "that they are being proved", answer: undefined, expected: '<a href="/?client=a&amp;mark=y">Look again</a>' },
  {
    name: "why they cannot be decided",
    answer: { undecided: ["The policy <b> is too large."] },
    expected: "It is not known whether the guarantees hold.</p>\n<p>The policy &lt;b&gt; is too large.</p>",
  },
])("the page of routes says $name", ({ answer, expected }) => {
  expect(brokenHtml(answer, "/?client=a&mark=y")).toContain(expected);
});
