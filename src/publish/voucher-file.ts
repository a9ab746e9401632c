import { z } from "zod";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import { canonicalJson } from "../metadata/canonical-json.ts";
import { parseUntrustedJson } from "../metadata/json-limits.ts";
import { addressSchema, fromSubmissionJson, submissionSchema, toSubmissionJson } from "../registry/submission-json.ts";
import type { SignedVoucher } from "./voucher.ts";

const MAX_BYTES = 64 * 1024;

const voucherSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  registry: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  voucher: z.strictObject({
    to: addressSchema,
    submission: submissionSchema,
    // A time in seconds that JSON can hold: enough for 285 million years.
    deadline: z.int().nonnegative(),
  }),
  signature: z.custom<Hex>(
    (text) => typeof text === "string" && /^0x([0-9a-f]{2}){21,4096}$/.test(text),
    "must be 0x and lower-case hex digits",
  ),
});

/**
 * Writes a signed voucher as JSON, to be handed to whoever will send it.
 *
 * @throws {ProvenanceError} `VOUCHER_INVALID` for one that {@link parseVoucherFile} would not read
 */
export function formatVoucherFile({ registry, voucher, signature }: SignedVoucher): Uint8Array {
  const { to, submission, deadline } = voucher;
  try {
    return canonicalJson(
      voucherSchema.parse({
        schemaVersion: "1.0",
        registry,
        voucher: { to, submission: toSubmissionJson(submission), deadline: Number(deadline) },
        signature,
      }),
    );
  } catch (cause) {
    throw new ProvenanceError("VOUCHER_INVALID", `The voucher cannot be written. ${(cause as Error).message}`, {
      cause,
    });
  }
}

/**
 * Reads a signed voucher. Its form is checked; whether it can be used the registry decides.
 *
 * @throws {ProvenanceError} `VOUCHER_INVALID`
 */
export function parseVoucherFile(bytes: Uint8Array): SignedVoucher {
  let json: unknown;
  try {
    json = parseUntrustedJson(bytes, MAX_BYTES, "It");
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  const parsed = voucherSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
    throw invalid(`${path.join(".") || "It"} ${message}.`, parsed.error);
  }
  const { registry, voucher, signature } = parsed.data;
  const { to, submission, deadline } = voucher;
  return {
    registry,
    voucher: { to, submission: fromSubmissionJson(submission), deadline: BigInt(deadline) },
    signature,
  };
}

function invalid(fault: string, cause: unknown): ProvenanceError {
  return new ProvenanceError("VOUCHER_INVALID", `The voucher is not valid. ${fault} Get it again from its signer.`, {
    cause,
  });
}
