import { aboutSetting, type DeploymentRule } from "./exposure.ts";

/**
 * Settings that store requests beside the gateway's own log line, which holds no query and no header. Invocation logs
 * hold the URL and the headers of every request, and a query can hold a token. Tail Workers get requests whole.
 */
export const requestLogs: DeploymentRule = (deployment) => {
  const { observability = {}, tail_consumers, streaming_tail_consumers } = deployment.environment.settings;
  const { logs = {}, traces = {}, enabled = false, redact_query_string } = observability;
  const hasLogs = logs.enabled ?? enabled;
  const hasTraces = traces.enabled ?? false;
  const about = (setting: readonly string[], message: string, hint: string) => [
    aboutSetting(deployment, "request-logs", ["observability", ...setting], message, hint),
  ];
  return [
    ...(hasLogs && logs.invocation_logs !== false
      ? about(
          ["logs", "invocation_logs"],
          "Invocation logs are on: they store the URL and headers of every request beside the gateway's own log line.",
          "Set `invocation_logs = false` in the table `observability.logs`.",
        )
      : []),
    ...((hasLogs || hasTraces) && redact_query_string !== true
      ? about(
          ["redact_query_string"],
          "Logs and traces store the query of every request, which can hold tokens and personal data.",
          "Set `redact_query_string = true` in the table `observability`.",
        )
      : []),
    ...[
      ["tail_consumers", tail_consumers] as const,
      ["streaming_tail_consumers", streaming_tail_consumers] as const,
    ].flatMap(([setting, consumers]) =>
      (consumers ?? []).length === 0
        ? []
        : [
            aboutSetting(
              deployment,
              "tail-consumer",
              [setting],
              "A Tail Worker gets the headers of every request, access tokens included.",
              "Remove it. The gateway's log line is in Workers Logs.",
            ),
          ],
    ),
  ];
};
