import { type RequestListener, createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { extension, makeCertificate, makeParty, toPem } from "../x509.ts";

/** A web site of a did:web on this machine, over http or https. Close it when the test is done. */
export interface DidSite {
  /** `http://localhost:<port>`, or https. */
  readonly origin: string;
  readonly did: string;
  /** What it answers for its document: any JSON, or how it misbehaves; 404 while there is nothing. */
  answer: RequestListener | object | undefined;
  /** The paths that were asked for. */
  readonly asked: string[];
  /** PEM of the certificate that clients have to trust; of a site over https. */
  readonly certificate: string;
  readonly close: () => Promise<void>;
}

/** Starts a site that answers `/.well-known/did.json` as a static web server does. */
export async function startDidSite({ https = false } = {}): Promise<DidSite> {
  const identity = https ? makeIdentity() : { key: "", cert: "" };
  const listen: RequestListener = (request, response) => {
    site.asked.push(request.url ?? "");
    const { answer } = site;
    if (typeof answer === "function") return void (answer as RequestListener)(request, response);
    if (answer === undefined) return void response.writeHead(404).end("<html>not found</html>");
    response.writeHead(200, { "content-type": "application/did+json" }).end(JSON.stringify(answer));
  };
  const server = https ? createHttpsServer(identity, listen) : createHttpServer(listen);
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const site: DidSite = {
    origin: `${https ? "https" : "http"}://localhost:${port}`,
    did: `did:web:localhost%3A${port}`,
    answer: undefined,
    asked: [],
    certificate: identity.cert,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}

/** The document that lists accounts, each in CAIP-10. */
export function didDocument(did: string, ...accounts: readonly string[]) {
  const verificationMethod = accounts.map((blockchainAccountId, i) => ({
    id: `${did}#${i}`,
    type: "EcdsaSecp256k1RecoveryMethod2020",
    controller: did,
    blockchainAccountId,
  }));
  return { "@context": ["https://www.w3.org/ns/did/v1"], id: did, verificationMethod };
}

function makeIdentity() {
  const party = makeParty("localhost");
  const name = Buffer.from("localhost");
  const alternative = Buffer.concat([Buffer.from([0x30, name.length + 2, 0x82, name.length]), name]);
  const certificate = makeCertificate({
    subject: party,
    issuer: party,
    notBefore: new Date("2020-01-01T00:00:00Z"),
    notAfter: new Date("2049-01-01T00:00:00Z"),
    authority: true,
    keyUsage: ["digitalSignature", "keyCertSign"],
    extensions: [extension("2.5.29.17", alternative)],
  });
  const key = party.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { key, cert: toPem(certificate) };
}
