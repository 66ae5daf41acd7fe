import { createHash } from "node:crypto";
import type { AccessMatrix } from "../../../policy/analysis/access-matrix.ts";
import { codeInHtml, type Html, html } from "../../print/html.ts";
import { bundleAssets } from "../assets/bundle-assets.ts";
import { matrixContent, matrixView } from "./matrix-view.ts";

/**
 * The view of the matrix as one file that loads nothing. Its content security policy lets it run its own script and
 * style, which it names by their hashes, and nothing else: not even what a name in the policy could smuggle in.
 */
export async function matrixFile(matrix: AccessMatrix, policyName: string): Promise<Html> {
  const assets = await bundleAssets(["console", "routes"]);
  const textOf = (name: string) => assets.get(name)?.text ?? "";
  const script = textOf("routes.js");
  const style = `${textOf("console.css")}${textOf("routes.css")}`;
  const policy = [
    ...["default-src 'none'", `script-src '${hashOf(script)}'`, `style-src '${hashOf(style)}'`],
    ...["base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
  ].join("; ");
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Who may call what \u00b7 ${policyName}</title>
<style>${{ html: codeInHtml(style) }}</style>
</head>
<body data-view="routes">
<main id="main">
${{ html: matrixView({ policyName, content: matrixContent(matrix) }) }}
</main>
<script type="module">${{ html: codeInHtml(script) }}</script>
</body>
</html>`;
}

/** The hash of an element's content, as a source of a content security policy (CSP 3, 2.3.1). */
function hashOf(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}
