import { describe, expect, it } from "vitest";
import { ScopePool } from "../../src/token/shared-scopes.ts";

const scopes = (...names: string[]) => ({ names, effective: new Set(names) });

describe("ScopePool", () => {
  it("gives equal scopes one object", () => {
    const pool = new ScopePool();
    const first = scopes("a", "b");
    expect(pool.acquire(first).granted).toBe(first);
    expect(pool.acquire(scopes("a", "b")).granted).toBe(first);
  });

  it("counts scopes as long as one token has them", () => {
    const pool = new ScopePool();
    const first = pool.acquire(scopes("a"));
    const { bytes } = pool;
    expect(bytes).toBe(first.bytes);
    const second = pool.acquire(scopes("a"));
    expect(pool.bytes).toBe(bytes);
    pool.release(first);
    expect(pool.bytes).toBe(bytes);
    pool.release(second);
    expect(pool.bytes).toBe(0);
  });

  it("takes up scopes anew that have left it", () => {
    const pool = new ScopePool();
    pool.release(pool.acquire(scopes("a")));
    const again = scopes("a");
    expect(pool.acquire(again).granted).toBe(again);
  });
});
