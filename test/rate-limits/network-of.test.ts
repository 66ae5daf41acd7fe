import { expect, it } from "vitest";
import { networkOf } from "../../src/rate-limits/network-of.ts";

it.each([
  { address: "192.0.2.1", expected: "192.0.2.1" },
  { address: "192.0.2.2", expected: "192.0.2.2" },
  { address: "2001:db8:1:2:3:4:5:6", expected: "2001:db8:1:2::/64" },
  { address: "2001:db8:1:2:ffff:ffff:ffff:ffff", expected: "2001:db8:1:2::/64" },
  { address: "2001:db8:1:2::", expected: "2001:db8:1:2::/64" },
  { address: "2001:0DB8:0001:0002::9", expected: "2001:db8:1:2::/64" },
  { address: "2001:db8:1:3::", expected: "2001:db8:1:3::/64" },
  { address: "2001:db8::1", expected: "2001:db8:0:0::/64" },
  { address: "2001:db8::7:0:0:0:1", expected: "2001:db8:0:7::/64" },
  { address: "::1", expected: "0:0:0:0::/64" },
  { address: "::", expected: "0:0:0:0::/64" },
  { address: "::ffff:192.0.2.1", expected: "192.0.2.1" },
  { address: "::FFFF:c000:201", expected: "192.0.2.1" },
  { address: "::ffff:192.0.2.2", expected: "192.0.2.2" },
  { address: "not:an:address", expected: "not:an:address" },
  { address: "fe80::1%eth0", expected: "fe80::1%eth0" },
  { address: "", expected: "" },
])("$address counts as $expected", ({ address, expected }) => {
  expect(networkOf(address)).toBe(expected);
});
