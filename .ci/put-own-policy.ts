/**
 * Overwrites the policy and the wrangler file at the root with one of the tests' other policies, given by its number.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { OWN_POLICIES, ownFiles } from "../test/support/project/own-policies.ts";
import { ROOT } from "../test/support/project/project-files.ts";

const own = OWN_POLICIES[Number(process.argv[2]) - 1];
if (own === undefined) throw new Error(`Give a number from 1 to ${OWN_POLICIES.length}.`);
for (const [name, text] of Object.entries(ownFiles(own))) writeFileSync(join(ROOT, name), text);
console.log(`At the root: ${own.name}.`);
