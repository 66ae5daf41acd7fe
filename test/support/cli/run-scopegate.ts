import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, vi } from "vitest";
import { main } from "../../../src/cli/main.ts";

/** The outcome of a command line. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `scopegate` in this process. */
export async function scopegate(...args: readonly string[]): Promise<Run> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((text: string) => void stdout.push(`${text}\n`)),
    vi.spyOn(console, "error").mockImplementation((text: string) => void stderr.push(`${text}\n`)),
    vi.spyOn(process.stdout, "write").mockImplementation((text) => stdout.push(String(text)) > 0),
  ];
  try {
    return { exitCode: await main(args), stdout: stdout.join(""), stderr: stderr.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** A temporary directory. */
export interface Scratch {
  readonly path: string;
  /** Writes a text, or a value as JSON, and returns the path of the file. */
  write(name: string, content: unknown): string;
  /** A new directory inside it. */
  folder(): Scratch;
}

/** A temporary directory for one test file, removed after its tests. */
export function scratchDirectory(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "scopegate-"));
  afterAll(() => rmSync(path, { recursive: true }));
  return scratchAt(path);
}

function scratchAt(path: string): Scratch {
  return {
    path,
    folder: () => scratchAt(mkdtempSync(join(path, "in-"))),
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
      return file;
    },
  };
}

/** The policy of the running example, without variables. */
export function exampleFile(changes: Readonly<Record<string, unknown>> = {}) {
  const [products, orders] = ["products", "orders"];
  return {
    issuers: { cognito: { issuer: "https://issuer.example/pool", profile: "cognito", algorithms: ["ES256"] } },
    resourceServers: {
      "https://api.myecommerce.com": {
        name: "E-commerce API",
        scopes: {
          "read:products": "Read products",
          "write:products": "Write products",
          "read:orders": "Read orders",
          "write:orders": "Write orders",
        },
      },
    },
    clients: {
      admin: { scopes: ["read:products", "write:products", "read:orders", "write:orders"] },
      customer: { scopes: ["read:products", "read:orders"] },
    },
    upstreams: { products: { url: "https://products.example/v1" }, orders: { url: "https://orders.example" } },
    routes: [
      { path: "/products", methods: ["GET"], scopes: ["read:products"], upstream: products },
      { path: "/products", methods: ["POST"], scopes: ["write:products"], upstream: products },
      { path: "/products/:id", methods: ["GET"], scopes: ["read:products"], upstream: products },
      { path: "/products/:id", methods: ["PUT", "PATCH", "DELETE"], scopes: ["write:products"], upstream: products },
      { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: orders },
      { path: "/orders", methods: ["POST"], scopes: ["write:orders"], upstream: orders },
      { path: "/orders/:id", methods: ["GET"], scopes: ["read:orders"], upstream: orders },
      { path: "/orders/:id", methods: ["PUT", "PATCH", "DELETE"], scopes: ["write:orders"], upstream: orders },
      { path: "/products/healthz", methods: ["GET"], public: true, upstream: products },
    ],
    ...changes,
  };
}
