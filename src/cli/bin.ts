#!/usr/bin/env node
/** The command `scopegate` of the package. Loads nothing else before it knows that this Node can run it. */
import { isOlderNode, runWithNewerNode } from "./newer-node.ts";

if (isOlderNode(process.versions.node)) process.exitCode = runWithNewerNode(process.argv.slice(2));
else await (await import("./main.ts")).runProcess();
