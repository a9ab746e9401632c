import { Readable, Transform } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "./refusal.ts";

/**
 * The body of a request, as a stream; undefined where there is none. A body that is announced and not read here, as with
 * GET, must not be announced to anybody else: such a request is refused, and its connection closed.
 *
 * @param maxBytes - how long a body may say that it is
 * @throws {Refusal} 400, 413
 */
export function bodyOf(request: FastifyRequest, reply: FastifyReply, maxBytes: number): Readable | undefined {
  const { body, headers } = request;
  const length = Number(headers["content-length"] ?? 0);
  if (body instanceof Readable) {
    if (length > maxBytes) throw tooLarge(maxBytes);
    return body;
  }
  if (length === 0 && headers["transfer-encoding"] === undefined) return undefined;
  void reply.header("connection", "close");
  throw new Refusal(400, "request_invalid", `A ${request.method} request has no body here.`);
}

/**
 * Passes a body on for as long as it has no more bytes than it may have, and than its Content-Length says; and lets it end
 * only where it has as many as that.
 *
 * @param length - of the Content-Length header, if there is one
 * @param onFailed - is told before the stream fails
 */
export function limitBytes(
  maxBytes: number,
  length: string | undefined,
  onFailed: (refusal: Refusal) => void,
): Transform {
  let seen = 0;
  const fail = (refusal: Refusal, done: (error: Refusal) => void) => {
    onFailed(refusal);
    done(refusal);
  };
  const announced = length === undefined ? undefined : Number(length);
  return new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      seen += piece.length;
      if (seen > maxBytes) return fail(tooLarge(maxBytes), done);
      if (announced !== undefined && seen > announced) return fail(otherLength(), done);
      done(null, piece);
    },
    flush: (done) => {
      if (announced !== undefined && seen !== announced) return fail(otherLength(), done);
      done();
    },
  });
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, "body_too_large", `A request may have at most ${maxBytes} bytes.`);
}

function otherLength(): Refusal {
  return new Refusal(400, "request_invalid", "The body is not as long as its Content-Length says.");
}
