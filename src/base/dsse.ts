import { concatBytes, toUtf8 } from "./bytes.ts";

/** The payload type of in-toto statements. */
export const IN_TOTO_PAYLOAD_TYPE = "application/vnd.in-toto+json";

/**
 * Encodes a payload for signing: DSSE's pre-authentication encoding.
 *
 * @see https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
 */
export function encodePreAuthentication(payload: Uint8Array, payloadType: string = IN_TOTO_PAYLOAD_TYPE): Uint8Array {
  const header = `DSSEv1 ${toUtf8(payloadType).length} ${payloadType} ${payload.length} `;
  return concatBytes([toUtf8(header), payload]);
}
