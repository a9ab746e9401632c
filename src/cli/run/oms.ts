import { lstat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { writeFileAtomically } from "../../base/atomic-write.ts";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import { CLAIM_NAME } from "../../model/claim-name.ts";
import { isOmsBundle } from "../../model/oms-bundle.ts";
import { resolveModelPath } from "../../model/walk-folder.ts";
import type { OmsDifference } from "../../model/oms/compare-files.ts";
import { signOms } from "../../model/oms/sign-oms.ts";
import { type OmsSigner, type VerifyOmsOptions, verifyOms } from "../../model/oms/verify-oms.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { readTextFile } from "../read-text-file.ts";
import { type Terminal, printable, table } from "../terminal.ts";

/** Options of `oms sign`: all but the password and the ignored paths are paths of files. */
export interface OmsSignOptions {
  readonly modelPath: string;
  readonly privateKey: string;
  /** Of the private key, where it is encrypted; never shown. */
  readonly privateKeyPassword?: string;
  readonly signingCertificate?: string;
  readonly certificateChain?: readonly string[];
  /** Where the bundle goes. */
  readonly signature: string;
  /** Relative to the model, or absolute. */
  readonly ignorePaths?: readonly string[];
  readonly format?: string;
}

/** Options of `oms verify`: key, certificates and trusted root are paths of files. */
export interface OmsVerifyOptions {
  readonly modelPath: string;
  readonly signature: string;
  readonly publicKey?: string;
  readonly certificateChain?: readonly string[];
  readonly trustedRoot?: string;
  readonly identity?: string;
  readonly identityProvider?: string;
  /** Relative to the model, or absolute. */
  readonly ignorePaths?: readonly string[];
  readonly ignoreUnsignedFiles?: boolean;
  readonly allowSymlinks?: boolean;
  readonly format?: string;
}

/** Signs a model and writes the bundle, whole or not at all. Errors as {@link signOms}. */
export async function runOmsSign(options: OmsSignOptions, terminal: Terminal): Promise<ExitCode> {
  const { modelPath, privateKeyPassword, signingCertificate, certificateChain = [] } = options;
  const root = await resolveModelPath(modelPath);
  const signaturePath = await resolveNew(options.signature);
  await assertReplaceable(signaturePath, root);
  const bundle = await signOms(root, {
    privateKeyPem: await readTextFile(options.privateKey, "private key"),
    ...(privateKeyPassword !== undefined && { privateKeyPassword }),
    ...(signingCertificate !== undefined && {
      signingCertificatePem: await readTextFile(signingCertificate, "signing certificate"),
    }),
    certificateChainPem: await readOptions(certificateChain, "certificate chain"),
    ignorePaths: toModelPaths(root, options.modelPath, options.ignorePaths),
    signatureName: nameInModel(root, signaturePath) ?? null,
  });
  await writeWhole(signaturePath, bundle);
  if (options.format === "json") printDocument(terminal, "oms sign", { signature: options.signature });
  else terminal.print(`signed: ${printable(options.signature)}`);
  return EXIT.done;
}

/**
 * Verifies a model against a bundle and prints what came out.
 *
 * @returns 0 where the model is what was signed by whom is trusted, else 1
 * @throws {ProvenanceError} only where the question was wrong: a missing file, a key that cannot be read
 */
export async function runOmsVerify(options: OmsVerifyOptions, terminal: Terminal): Promise<ExitCode> {
  const root = await resolveModelPath(options.modelPath);
  const bundle = await readTextFile(options.signature, "signature");
  const signatureName = nameInModel(root, await resolveNew(options.signature));
  try {
    const { signer, statement, warnings } = await verifyOms(root, bundle, {
      ...(await readTrust(options)),
      ignorePaths: [
        ...toModelPaths(root, options.modelPath, options.ignorePaths),
        ...(signatureName === undefined ? [] : [signatureName]),
      ],
      ignoreUnsignedFiles: options.ignoreUnsignedFiles ?? false,
      allowSymlinks: options.allowSymlinks ?? false,
    });
    if (options.format === "json") {
      const files = statement.resources.length;
      printDocument(terminal, "oms verify", { verified: true, exitCode: EXIT.done, signer, files, warnings });
      return EXIT.done;
    }
    for (const warning of warnings) terminal.warn(warning);
    terminal.print(table([...describeSigner(signer), ["files", String(statement.resources.length)]]));
    terminal.print("VERIFIED: the model is what was signed (exit 0)");
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ProvenanceError) || USAGE.has(error.code)) throw error;
    if (options.format === "json") printDocument(terminal, "oms verify", describeFailure(error));
    else printFailure(error, terminal);
    return EXIT.failed;
  }
}

const USAGE = new Set<ProvenanceErrorCode>(["OPTION_INVALID", "OPTION_MISSING", "OPTIONAL_PACKAGE_MISSING"]);

function printDocument(terminal: Terminal, verb: string, facts: object): void {
  terminal.print(JSON.stringify({ schemaVersion: "1.0", verb, ...facts }, null, 2));
}

/** What is said of a failure to a program; `differences` where the files are not those that were signed. */
function describeFailure({ code, message, cause }: ProvenanceError) {
  const differences = code === "OMS_FILES_DIFFER" ? { differences: cause as readonly OmsDifference[] } : {};
  return { verified: false, exitCode: EXIT.failed, error: { code, message }, ...differences };
}

function printFailure(error: ProvenanceError, terminal: Terminal): void {
  if (error.code !== "OMS_FILES_DIFFER") {
    terminal.print(`FAILED: ${printable(error.message)} (exit 1, ${error.code})`);
    return;
  }
  const differences = error.cause as readonly OmsDifference[];
  const rows = differences.flatMap(({ name, status, expected, actual }) => [
    [printable(name), status.toUpperCase(), expected === undefined ? "-" : `expected ${expected}`],
    ...(actual === undefined ? [] : [["", "", `actual   ${actual}`]]),
  ]);
  terminal.print(table([["FILE", "STATUS", "DIGEST"], ...rows]));
  if (differences.some(({ name }) => name === CLAIM_NAME)) {
    terminal.note(`${CLAIM_NAME} is the claim that mint leaves with a model: --ignore-paths ${CLAIM_NAME} accepts it.`);
  }
  terminal.print("FAILED: the model is not what was signed (exit 1, OMS_FILES_DIFFER)");
}

function describeSigner(signer: OmsSigner): string[][] {
  const method = ["method", signer.method];
  switch (signer.method) {
    case "key":
      return [method, ["key", signer.keyHint]];
    case "certificate":
      return [method, ["certificate", printable(signer.subject)], ["fingerprint", signer.fingerprint256]];
    case "sigstore":
      return [method, ["identity", printable(signer.identity)], ["provider", printable(signer.identityProvider)]];
  }
}

async function readTrust({ publicKey, certificateChain, trustedRoot, identity, identityProvider }: OmsVerifyOptions) {
  const trust: { -readonly [Key in keyof VerifyOmsOptions]: VerifyOmsOptions[Key] } = {};
  if (publicKey !== undefined) trust.publicKeyPem = await readTextFile(publicKey, "public key");
  if (certificateChain?.length) trust.certificateChainPem = await readOptions(certificateChain, "certificate chain");
  if (trustedRoot !== undefined) trust.trustedRoot = await readTextFile(trustedRoot, "trusted root");
  if (identity !== undefined) trust.identity = identity;
  if (identityProvider !== undefined) trust.identityProvider = identityProvider;
  return trust;
}

/** A path inside the model, as OMS names it; undefined for one outside, and for the model itself. */
function nameInModel(root: string, path: string): string | undefined {
  const name = relative(root, path);
  const isInside = name !== "" && name !== ".." && !name.startsWith(`..${sep}`) && !isAbsolute(name);
  return isInside ? name.split(sep).join("/") : undefined;
}

/** Absolute paths are looked for in the model as it was named and as its path resolves. */
function toModelPaths(root: string, modelPath: string, paths: readonly string[] = []): string[] {
  const toName = (path: string) => nameInModel(root, resolve(path)) ?? nameInModel(resolve(modelPath), resolve(path));
  return paths.map((path) => (isAbsolute(path) ? (toName(path) ?? path) : path));
}

async function resolveNew(path: string): Promise<string> {
  return join(await resolveModelPath(dirname(resolve(path))), basename(path));
}

function readOptions(paths: readonly string[], what: string): Promise<string[]> {
  return Promise.all(paths.map((path) => readTextFile(path, what)));
}

/** Keeps a mistyped path from costing somebody a file of the model. */
async function assertReplaceable(path: string, root: string): Promise<void> {
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  if (path !== root && (!exists || (await isOmsBundle(path)))) return;
  throw new ProvenanceError(
    "OPTION_INVALID",
    `${path} is no OMS bundle and will not be overwritten. Choose another place for the signature.`,
  );
}

async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(path, text);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ProvenanceError("OPTION_INVALID", `The signature cannot be written to ${path} (${reason}).`, { cause });
  }
}
