import { joinAddressBooks } from "../../registry/publishers/address-book.ts";
import { toCaip10 } from "../../registry/registry.ts";
import type { RegistriesFile } from "../../registry/registries-file.ts";
import type { VerifyReport } from "../../verify/report.ts";
import { readLockFile } from "../../verify/lock-file.ts";
import { verifyLock } from "../../verify/verify-lock.ts";
import { openCache } from "../open-cache.ts";
import { type OptionValues, type Options, required } from "../options.ts";
import { type Terminal, followBytes } from "../terminal.ts";
import { chooseRegistries } from "../trusted-registries.ts";
import { formatsAtHand, readPolicies } from "./policies.ts";

/** Verifies with a lock file: nothing is asked of a network. */
export async function verifyWithLock(
  options: Options,
  lockPath: string,
  token: { readonly tokenId?: bigint },
  terminal: Terminal,
): Promise<VerifyReport> {
  const lock = await readLockFile(lockPath);
  const { file, creators } = await readPolicies(options);
  const { registryAddress, chainId } = options;
  const choice = chooseRegistries(options);
  const registry = choice === "contract" || choice === "both" ? registryAddress : undefined;
  const listed = choice === "file" || choice === "both" ? await readListed(options) : undefined;
  const registries = listed?.registries.map(toCaip10);
  const book = joinAddressBooks([listed?.publishers, file?.policy.publishers?.book]);
  const cache = options.trustCache ? await openCache(options, terminal) : undefined;
  const report = await followBytes(terminal, options.format, async (progress) =>
    verifyLock({
      modelPath: required(options, "modelPath"),
      lock,
      ...token,
      ...(registry !== undefined && { registry }),
      ...(registries && { registries }),
      ...(chainId !== undefined && { chainId }),
      ...(creators && { creators }),
      ...(file && { policyDigest: file.digest }),
      publishers: { book },
      hfCache: options.hfCache ?? false,
      ...(options.lfsPointers && { lfsPointers: "accept" as const }),
      ...(cache && { cache }),
      ...progress,
    }),
  );
  await cache?.save();
  if (file === undefined) return report;
  const { applyPolicyToLock } = await import("../../verify/policy/apply-to-lock.ts");
  return applyPolicyToLock(
    report,
    { ...file, ...(creators && { creators }) },
    { ...formatsAtHand({ ...options, ignorePaths: lock.ignorePaths }), now: () => new Date() },
  );
}

/** The registries that the verifier's file lists, and what it calls accounts. */
async function readListed({ registriesFile }: OptionValues<"registriesFile">): Promise<RegistriesFile | undefined> {
  if (registriesFile === undefined) return undefined;
  const { readRegistriesAndPublishers } = await import("../../registry/registries-file.ts");
  return readRegistriesAndPublishers(registriesFile);
}
