import { describe, expect, it } from "vitest";
import { isMadeUpId, placeholderIn } from "../../../src/cli/deploy/made-up.ts";

describe("an id is made up", () => {
  it.each([
    { name: "it has one digit only", id: "0".repeat(32), expected: true },
    { name: "it has five different digits", id: "deadbeef".repeat(4), expected: true },
    { name: "it repeats itself", id: "0123456789abcdef".repeat(2), expected: true },
    { name: "it starts over in the middle", id: "12345678901234567890123456789012", expected: true },
    { name: "six digits start over", id: "abcdefabcdefabcdefabcdefabcdefab", expected: true },
    { name: "it repeats digits in a row", id: "11112222333344445555666677778888", expected: true },
    { name: "it counts up and down", id: "0123456789abcdeffedcba9876543210", expected: true },
    { name: "it is too short", id: "0f2ac74b498b48028cb68387c421e27", expected: true },
    { name: "it is too long", id: "0f2ac74b498b48028cb68387c421e2790", expected: true },
    { name: "it is a text", id: "your-kv-namespace-id", expected: true },
    { name: "it is empty", id: "", expected: true },
    { name: "never if it looks random", id: "0f2ac74b498b48028cb68387c421e279", expected: false },
    { name: "never if it looks random, in upper case", id: "0F2AC74B498B48028CB68387C421E279", expected: false },
  ])("if $name", ({ id, expected }) => {
    expect(isMadeUpId(id)).toBe(expected);
  });
});

describe("the placeholder in an address", () => {
  it.each([
    ["https://orders.myecommerce.com", "orders.myecommerce.com"],
    ["https://myecommerce.com/v1", "myecommerce.com"],
    ["https://orders.staging.myecommerce.com", "orders.staging.myecommerce.com"],
    ["https://example.com", "example.com"],
    ["https://API.Example.ORG:8443/x", "api.example.org"],
    ["https://a.example.net.", "a.example.net"],
    ["https://orders.example", "orders.example"],
    ["https://orders.invalid/", "orders.invalid"],
    ["https://orders.test", "orders.test"],
    ["api.example.com", "api.example.com"],
    ["api.example.com/*", "api.example.com"],
    ["*.example.com/*", "*.example.com"],
    ["https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_PRODUCTION", "eu-central-1_PRODUCTION"],
    ["https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_STAGING", "eu-central-1_STAGING"],
    ["https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_XXXXXXXXX", "us-gov-west-1_XXXXXXXXX"],
    ["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE00", "us-east-1_EXAMPLE00"],
    ["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_POOL_ID", "us-east-1_POOL_ID"],
    ["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A1b2C3d4E", "us-east-1_A1b2C3d4E"],
    ["https://cognito-idp.us-east-1.amazonaws.com/<pool id>", "<pool id>"],
    ["https://your-tenant.eu.auth0.com/", "your-tenant"],
    ["https://auth.yourdomain.com/", "yourdomain"],
    ["https://changeme.acme.dev", "changeme"],
    [
      "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0",
      "00000000-0000-0000-0000-000000000000",
    ],
    ["http://127.0.0.1:8788/local_pool", "127.0.0.1"],
    ["http://127.1:8788/", "127.0.0.1"],
    ["http://localhost:3000", "localhost"],
    ["https://orders.localhost", "orders.localhost"],
    ["http://[::1]:8788", "[::1]"],
    ["http://0.0.0.0:8788", "0.0.0.0"],
    ["localhost", "localhost"],
    ["127.0.0.1", "127.0.0.1"],
  ])("of %s is %s", (text, expected) => {
    expect(placeholderIn(text)).toBe(expected);
  });

  it.each([
    "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_q7Gx2LpR9",
    "https://cognito-idp.ap-southeast-2.amazonaws.com/ap-southeast-2_QWERTZUIO",
    "https://orders.acme.dev",
    "https://notexample.com",
    "https://example.com.acme.dev",
    "https://myecommerce.com.acme.dev",
    "https://latest",
    "https://acme.eu.auth0.com/",
    "https://login.microsoftonline.com/5f0d4c3a-6f1b-4a7e-9d55-2c9f0b1f7a11/v2.0",
    "https://127.acme.dev",
    "https://yours.acme.dev",
    "test",
    "example",
    "off",
    "",
  ])("is not found in %s", (text) => {
    expect(placeholderIn(text)).toBeUndefined();
  });
});
