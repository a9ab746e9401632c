import { guardRedirects } from "../../../base/http/address-guard.ts";
import { openExchange } from "../../../base/http/node-exchange.ts";
import { giveBack } from "../../buffer-pool.ts";
import { readKuboEndpoint } from "./endpoint.ts";
import { KuboNode, type KuboPatience } from "./kubo-node.ts";
import { KuboRpc } from "./rpc.ts";

/** Options of {@link KuboStore}. */
export interface KuboStoreOptions {
  /** The node's RPC: a URL, or a multiaddr as in the node's own file `api`. */
  readonly apiUrl: string;
  /** As `ipfs --api-auth` takes it: `bearer:TOKEN`, `basic:USER:PASSWORD`, `basic:BASE64`, or a token alone. */
  readonly auth?: string;
  readonly patience?: KuboPatience;
}

const ADVICE = {
  unreachable: "Is it running, and is KUBO_API_URL right?",
  forbidden: "Check KUBO_API_AUTH, and what it may do at the node.",
};

/** A Kubo node that is reached by Node's own client. */
export class KuboStore extends KuboNode {
  /** @throws {ProvenanceError} `OPTION_INVALID` */
  constructor({ apiUrl, auth, patience }: KuboStoreOptions) {
    const endpoint = readKuboEndpoint(apiUrl, auth);
    const exchange = openExchange(guardRedirects(endpoint.base));
    super(new KuboRpc(endpoint, async (asked) => exchange({ ...asked, onSent: giveBack }), ADVICE), patience);
  }
}
