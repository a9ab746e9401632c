import { type FakeAnswer, type FakeServer, type SeenRequest, startFakeServer } from "./fake-server.ts";

/** The only token that the server knows. */
export const PSA_TOKEN = "secret-access-token-of-tests";

type Status = "queued" | "pinning" | "pinned" | "failed";
interface Pin {
  readonly requestid: string;
  status: Status;
  readonly cid: string;
  readonly origins?: readonly string[];
}

/** An IPFS pinning service as the specification 1.0.0 has it. */
export interface FakePinningService extends FakeServer {
  /** What `PSA_URL` is set to. */
  readonly endpoint: string;
  readonly pins: Pin[];
  /** What each look at a pin finds, from the moment it is asked for; the last one stays. */
  lifecycle: Status[];
  /** Who has the content: a pin of anything else fails. */
  provides: (cid: string) => boolean;
  details: string;
}

/** Starts it; it provides everything unless told otherwise. */
export async function startPinningService(): Promise<FakePinningService> {
  const pins: Pin[] = [];
  const toStatus = ({ requestid, status, cid, origins }: Pin) => ({
    requestid,
    status,
    created: "2026-01-01T00:00:00Z",
    pin: { cid, ...(origins && { origins }) },
    delegates: ["/dnsaddr/pin.example"],
    ...(status === "failed" && { info: { status_details: fake.details } }),
  });
  const fail = (status: number, reason: string, details: string): FakeAnswer => ({
    status,
    body: { error: { reason, details } },
  });
  const advance = (pin: Pin) => {
    const next = fake.lifecycle[fake.lifecycle.indexOf(pin.status) + 1];
    if (next === undefined) return;
    pin.status = next === "pinned" && !fake.provides(pin.cid) ? "failed" : next;
  };
  const list = ({ searchParams }: URL): FakeAnswer => {
    const cids = searchParams.get("cid")?.split(",");
    const statuses = searchParams.get("status")?.split(",") ?? ["pinned"];
    const found = pins.filter((pin) => statuses.includes(pin.status) && (cids === undefined || cids.includes(pin.cid)));
    const newest = found.toReversed().slice(0, Number(searchParams.get("limit") ?? 10));
    return { status: 200, body: { count: found.length, results: newest.map(toStatus) } };
  };
  const add = ({ body }: SeenRequest): FakeAnswer => {
    const { cid, origins } = JSON.parse(body.toString()) as { cid: string; origins?: string[] };
    const status = fake.lifecycle[0] as Status;
    const pin: Pin = { requestid: `request-${pins.length + 1}`, status, cid, ...(origins && { origins }) };
    pins.push(pin);
    return { status: 202, body: toStatus(pin) };
  };
  const answer = (request: SeenRequest): FakeAnswer => {
    const { method, url, headers } = request;
    if (headers["authorization"] !== `Bearer ${PSA_TOKEN}`) {
      return fail(401, "UNAUTHORIZED", "Access token is missing or invalid");
    }
    if (method === "GET" && url.pathname === "/psa/pins") return list(url);
    if (method === "POST" && url.pathname === "/psa/pins") return add(request);
    const pin = pins.find(({ requestid }) => url.pathname === `/psa/pins/${requestid}`);
    if (method !== "GET" || pin === undefined) return fail(404, "NOT_FOUND", "The specified resource was not found");
    advance(pin);
    return { status: 200, body: toStatus(pin) };
  };
  const server = await startFakeServer(answer);
  const fake: FakePinningService = {
    ...server,
    endpoint: `${server.url}/psa`,
    pins,
    lifecycle: ["queued", "pinning", "pinned"],
    provides: () => true,
    details: "no provider was found",
  };
  return fake;
}
