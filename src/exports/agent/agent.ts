import type { ExportForm } from "../form.ts";

/** What an agent's owner puts into the agent's registration file, to say which model the agent runs. */
export const AGENT: ExportForm = {
  name: "agent",
  title: "model entry of an agent's registration file",
  summary: "the entry by which an agent's registration file says which model the agent runs (ERC-8004)",
  extension: "agent.json",
  mediaType: "application/json",
  load: async () => (await import("./write-entry.ts")).AGENT_WRITER,
};
