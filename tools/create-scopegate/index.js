#!/usr/bin/env node
// `npm create scopegate DIR` runs this as `create-scopegate DIR`.
process.argv.splice(2, 0, "create");
await import("scopegate/bin");
