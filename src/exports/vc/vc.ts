import type { ExportForm } from "../form.ts";

/** A credential in JSON-LD: with a Data Integrity proof where an Ed25519 key signs, as evidence alone without a key. */
export const VC: ExportForm = {
  name: "vc",
  title: "Verifiable Credential",
  summary: "a credential about the model (W3C VC 2.0), signed by an Ed25519 key that is given (eddsa-rdfc-2022)",
  extension: "vc.json",
  mediaType: "application/vc+json",
  takes: ["key", "issuer"],
  load: async () => (await import("./write-vc.ts")).VC_WRITER,
};

/** The same credential as a signed token. */
export const VC_JWT: ExportForm = {
  name: "vc-jwt",
  title: "Verifiable Credential, as JOSE has it",
  summary: "the same as a token that a P-256 key signs (VC-JOSE-COSE, ES256)",
  extension: "vc.jwt",
  mediaType: "application/vc+jwt",
  takes: ["key", "issuer"],
  isSigned: true,
  load: async () => (await import("./write-vc-jwt.ts")).VC_JWT_WRITER,
};
