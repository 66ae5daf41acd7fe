/** The methods that clients send by revisions 2025-06-18 to 2026-07-28, without those that a name decides. */
export const KNOWN_METHODS: readonly string[] = [
  ...["initialize", "ping", "server/discover", "logging/setLevel", "subscriptions/listen"],
  ...["tools/list", "resources/list", "resources/templates/list", "prompts/list"],
  ...["tasks/get", "tasks/update", "tasks/cancel", "tasks/list", "tasks/result"],
  ...["notifications/initialized", "notifications/cancelled", "notifications/progress"],
  ...["notifications/roots/list_changed", "notifications/tasks/status", "notifications/message"],
];
