# Validates attestations, an envelope a line: the statement by in-toto's own package, SLSA's provenance by its protocol buffer,
# and with a public key (PEM, the first argument; "-" for none) the signatures by the reference implementation of DSSE.
# Prints a line of JSON for each file, null where nothing is wrong.
import base64
import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementPb
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

def check(line, pem):
    envelope = json.loads(line)
    if pem != "-":
        # The key is what is trusted; what the envelope calls it is not.
        key = SSlibKey.from_crypto(load_pem_public_key(pem.encode()), keyid=envelope["signatures"][0]["keyid"])
        Envelope.from_dict(envelope).verify([key], 1)
    payload = json.loads(base64.b64decode(envelope["payload"], validate=True))
    statement = json_format.ParseDict(payload, StatementPb())
    Statement.copy_from_pb(statement).validate()
    # (The package's protocol buffer of verification summaries has a text where the specification has a list of levels.)
    if payload["predicateType"] == "https://slsa.dev/provenance/v1":
        json_format.ParseDict(payload["predicate"], provenance_pb2.Provenance())


for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    try:
        for line in lines:
            check(line, sys.argv[1])
        print(json.dumps(None))
    except Exception as fault:  # whatever it is, it is refused
        print(json.dumps(f"{type(fault).__name__}: {fault}"[:300]))
