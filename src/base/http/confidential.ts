import { ProvenanceError } from "../errors.ts";

/** Makes sure that a secret is not sent in the clear. @throws {ProvenanceError} `OPTION_INVALID` */
export function assertConfidential({ protocol, hostname }: URL, service: string): void {
  if (protocol === "https:" || hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname))
    return;
  throw new ProvenanceError(
    "OPTION_INVALID",
    `The URL of ${service} is not https: the token would be sent in the clear to ${hostname}.`,
  );
}
