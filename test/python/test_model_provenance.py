"""Tests of python/model_provenance.py against the vectors that the TypeScript tests use, and against hostile folders."""

import contextlib
import copy
import hashlib
import io
import json
import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import model_provenance as mp  # noqa: E402


def vector_file(kind, name):
    return json.loads((ROOT / "test" / "vectors" / kind / f"{name}.json").read_text("utf-8"))


def vectors(kind, name):
    found = vector_file(kind, name)["vectors"]
    assert found, f"no vectors of {kind} {name}"
    return found


def resource(name, content):
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    return mp.Resource(name, len(data), hashlib.sha256(data).hexdigest())


def apply_patch(document, patch):
    """RFC 6902: add, replace and remove."""
    changed = copy.deepcopy(document)
    for operation in patch:
        *path, last = [key.replace("~1", "/").replace("~0", "~") for key in operation["path"].split("/")[1:]]
        parent = changed
        for key in path:
            parent = parent[int(key)] if isinstance(parent, list) else parent[key]
        if isinstance(parent, list) and last == "-":
            parent.append(operation["value"])
        elif operation["op"] == "remove":
            del parent[int(last) if isinstance(parent, list) else last]
        else:
            parent[int(last) if isinstance(parent, list) else last] = operation["value"]
    return changed


def bind_socket(path):
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as bound:
        bound.bind(str(path))


class Case(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(os.path.realpath(temporary.name))

    def write(self, folder, files):
        for name, content in files.items():
            path = self.folder / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return self.folder / folder

    @contextlib.contextmanager
    def refused(self, code):
        with self.assertRaises(mp.ProvenanceError) as caught:
            yield caught
        self.assertEqual(caught.exception.code, code)

    def each(self, kind, name):
        for vector in vectors(kind, name):
            with self.subTest(vector["description"]):
                yield vector


class Digests(Case):
    def test_keccak_256(self):
        known = {
            b"": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            b"abc": "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
        }
        for data, digest in known.items():
            self.assertEqual(mp.keccak256(data).hex(), digest)

    def test_model_digest(self):
        for vector in self.each("valid", "model-digest"):
            folder = self.write(hashlib.sha256(vector["description"].encode()).hexdigest(), vector["files"])
            self.assertEqual(mp.hash_model(folder).model_digest, vector["modelDigest"])

    def test_name_order(self):
        for vector in self.each("valid", "name-order"):
            resources = [resource(name, content) for name, content in vector["files"].items()]
            self.assertEqual(mp.model_digest(resources), vector["modelDigest"])
            self.assertEqual(mp.component_order_digest(resources), vector["componentOrderDigest"])

    def test_weight_files(self):
        for vector in self.each("valid", "weight-files"):
            self.assertEqual(mp.is_weight_file(vector["name"]), vector["weights"])

    def test_weights_digest(self):
        files = [resource("config.json", "{}"), resource("a.safetensors", "w"), resource("optimizer.pt", "o")]
        self.assertEqual(mp.weights_digest(files), mp.model_digest(files[1:2]))
        self.assertEqual(mp.weights_digest(files[:1]), mp.ZERO_DIGEST)

    def test_proofs(self):
        for vector in self.each("valid", "proof-file"):
            proof = vector["proof"]
            leaf = mp.Resource(**proof["resource"])
            self.assertEqual(mp.root_of_proof(leaf, proof["proof"]), proof["manifestRoot"])

    def test_names(self):
        for vector in self.each("valid", "resource-name"):
            mp.assert_resource_name(vector["name"])
        for vector in self.each("invalid", "resource-name"):
            with self.refused("RESOURCE_NAME_INVALID"):
                mp.model_digest([mp.Resource(vector["name"], 1, "00" * 32)])
        for vector in self.each("invalid", "resource-names"):
            with self.refused("RESOURCE_NAME_INVALID"):
                mp.model_digest([resource(name, name) for name in vector["names"]])

    def test_nothing_is_no_model(self):
        with self.refused("MODEL_EMPTY"):
            mp.model_digest([])


class LeftOut(Case):
    def test_claims(self):
        for vector in self.each("valid", "claim"):
            self.assertTrue(mp.is_claim(json.dumps(vector["claim"]).encode()))
        base = vector_file("invalid", "claim")["base"]
        self.assertTrue(mp.is_claim(json.dumps(base).encode()))
        for vector in self.each("invalid", "claim"):
            self.assertFalse(mp.is_claim(json.dumps(apply_patch(base, vector["patch"])).encode()))
        for content in (b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a":NaN}'):
            self.assertFalse(mp.is_claim(content))

    def test_oms_bundles(self):
        for vector in self.each("valid", "oms-bundle"):
            self.assertTrue(mp.is_oms_bundle(json.dumps(vector["bundle"]).encode()))
        for vector in self.each("invalid", "oms-bundle"):
            self.assertFalse(mp.is_oms_bundle(vector["text"].encode()))

    def test_lfs_pointers(self):
        for vector in self.each("valid", "lfs-pointer"):
            self.assertEqual(mp.parse_lfs_pointer(vector["text"].encode()), (vector["sha256"], vector["size"]))
        for vector in self.each("invalid", "lfs-pointer"):
            self.assertIsNone(mp.parse_lfs_pointer(vector["text"].encode()))

    def test_what_lies_at_the_top_and_is_none_of_the_model(self):
        claim = json.dumps(vectors("valid", "claim")[0]["claim"])
        bundle = json.dumps(vectors("valid", "oms-bundle")[0]["bundle"])
        files = {"a": "1", "sub/.gitignore": "2", "sub/model.sig": bundle, "sub/model-provenance.json": claim}
        hidden = {".git/HEAD": "x", ".gitattributes": "x", ".github/ci.yml": "x", ".cache/huggingface/download/a": "x"}
        named = {"model-provenance.json": claim, "model.sig": bundle, "logs/x": "x", "notes.txt": "x"}
        folder = self.write("model", {**files, **hidden, **named})
        model = mp.hash_model(folder, ["./logs/", "notes.txt"])
        self.assertEqual({entry.name for entry in model.resources}, set(files))
        self.assertEqual(set(model.excluded.values()), {"git", "download cache", "claim", "OMS bundle", "ignored by choice"})

    def test_other_files_under_these_names_are_files_of_the_model(self):
        folder = self.write("model", {"model-provenance.json": "{}", "model.sig": "sig", ".cache/x": "1"})
        self.assertEqual(len(mp.hash_model(folder).resources), 3)


class HostileFolders(Case):
    def test_links_fifos_and_sockets(self):
        for make in (
            lambda path: os.symlink("/etc/passwd", path),
            lambda path: os.symlink("model.bin", path),
            lambda path: os.symlink("..", path),
            os.mkfifo,
            bind_socket,
        ):
            with self.subTest():
                folder = self.write("model", {"model.bin": "w"})
                make(folder / "odd")
                with self.refused("MODEL_UNSUPPORTED_ENTRY"):
                    mp.hash_model(folder)
                os.unlink(folder / "odd")

    def test_names_that_are_not_utf_8(self):
        folder = self.write("model", {"a": "1"})
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff")).write_text("x")
        with self.refused("RESOURCE_NAME_INVALID"):
            mp.hash_model(folder)

    def test_nothing_to_check_is_no_success(self):
        (self.folder / "empty" / "below").mkdir(parents=True)
        with self.refused("MODEL_EMPTY"):
            mp.hash_model(self.folder / "empty")
        with self.refused("MODEL_NOT_FOUND"):
            mp.hash_model(self.folder / "none")

    def test_a_file_that_changes_while_it_is_read(self):
        folder = self.write("model", {"a.bin": "1", "b.bin": "2"})
        for change in (
            lambda: (folder / "a.bin").write_text("other"),
            lambda: (folder / "c.bin").write_text("new"),
            lambda: (folder / "b.bin").unlink(),
        ):
            original = mp._digest_file
            self.addCleanup(setattr, mp, "_digest_file", original)

            def meddle(file, original=original, change=change):
                digest = original(file)
                if file.name == "b.bin":
                    change()
                return digest

            mp._digest_file = meddle
            with self.refused("MODEL_CHANGED"):
                mp.hash_model(folder, workers=1)
            mp._digest_file = original
            self.write("model", {"a.bin": "1", "b.bin": "2"})
            (folder / "c.bin").unlink(missing_ok=True)

    def test_snapshots_of_a_hugging_face_cache(self):
        repository = self.write("models--acme--bert", {"blobs/1234": "weights", "secret": "x"})
        snapshot = repository / "snapshots" / "abc"
        snapshot.mkdir(parents=True)
        os.symlink("../../blobs/1234", snapshot / "model.bin")
        with self.refused("MODEL_UNSUPPORTED_ENTRY"):
            mp.hash_model(snapshot)
        expected = (resource("model.bin", "weights"),)
        self.assertEqual(mp.hash_model(snapshot, hf_cache=True).resources, expected)
        single = mp.hash_model(snapshot / "model.bin", hf_cache=True)
        self.assertEqual((single.kind, single.resources), ("file", expected))
        for target in ("../../secret", "../../blobs/none", "../../blobs", "../abc/../../blobs/1234", "/etc/passwd"):
            with self.subTest(target):
                os.symlink(target, snapshot / "odd")
                with self.refused("MODEL_UNSUPPORTED_ENTRY"):
                    mp.hash_model(snapshot, hf_cache=True)
                os.unlink(snapshot / "odd")


class Locks(Case):
    def test_vectors(self):
        for index, vector in enumerate(self.each("valid", "lock-file")):
            path = self.write(str(index), vector["contents"])
            if vector.get("single"):
                path = path / next(iter(vector["contents"]))
            lock = self.write("locks", {f"{index}.json": json.dumps(vector["lock"])}) / f"{index}.json"
            if vector["verifies"]:
                verified = mp.verify_model(path, lock)
                self.assertEqual(verified.record, vector["lock"]["record"])
            else:
                with self.refused("MODEL_DIFFERS") as caught:
                    mp.verify_model(path, lock)
                self.assertTrue(caught.exception.differences)

    def test_invalid_vectors(self):
        base = vector_file("invalid", "lock-file")["base"]
        self.assertEqual(mp.parse_lock(json.dumps(base).encode()), base)
        for vector in self.each("invalid", "lock-file"):
            with self.refused("LOCK_INVALID"):
                mp.parse_lock(json.dumps(apply_patch(base, vector["patch"])).encode())

    def test_anything_else_is_no_lock(self):
        base = json.dumps(vector_file("invalid", "lock-file")["base"])
        contents = [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b"\xef\xbb\xbf" + base.encode(), base[:-1].encode()]
        contents += [base.replace("1700000000", value).encode() for value in ("NaN", "1e400", "1" * 5000, "true", '"1"')]
        for content in contents:
            with self.subTest(content[:40]), self.refused("LOCK_INVALID"):
                mp.parse_lock(content)
        for path in (self.folder, self.folder / "none"):
            with self.refused("LOCK_INVALID"):
                mp.read_lock(path)

    def test_numbers_may_be_written_otherwise(self):
        base = json.dumps(vector_file("invalid", "lock-file")["base"])
        self.assertEqual(mp.parse_lock(base.replace("1700000000", "1.7e9").encode())["record"]["mintedAt"], 1700000000)

    def approve(self, **change):
        vector = vectors("valid", "lock-file")[0]
        return self.write("model", vector["contents"]), {**vector["lock"], **change}, vector["lock"]["record"]["creator"]

    def test_creators(self):
        folder, lock, creator = self.approve()
        mp.verify_model(folder, lock, creators=[creator.lower()])
        for creators in ([], ["0x" + "12" * 20]):
            with self.refused("NOT_ACCEPTABLE"):
                mp.verify_model(folder, lock, creators=creators)
        with self.refused("OPTION_INVALID"):
            mp.verify_model(folder, lock, creators=creator)

    def test_policy(self):
        policy = self.write(".", {"policy.yaml": "rules"}) / "policy.yaml"
        digest = "0x" + hashlib.sha256(b"rules").hexdigest()
        folder, lock, _ = self.approve(approved={"blockNumber": 1, "policyDigest": digest})
        mp.verify_model(folder, lock, policy=policy)
        policy.write_text("other rules")
        for approved in (lock["approved"], {"blockNumber": 1}):
            with self.refused("NOT_ACCEPTABLE"):
                mp.verify_model(folder, {**lock, "approved": approved}, policy=policy)
        with self.refused("OPTION_INVALID"):
            mp.verify_model(folder, lock, policy=self.folder / "none")

    def test_kinds_of_differences(self):
        folder, lock, _ = self.approve()
        names = [entry["name"] for entry in lock["files"]]
        (folder / names[0]).rename(folder / "\x1b[31mrenamed")
        (folder / names[1]).write_text("changed")
        (folder / names[2]).unlink()
        self.write("model", {"extra": "x"})
        with self.refused("MODEL_DIFFERS") as caught:
            mp.verify_model(folder, lock)
        statuses = {row.name: row.status for row in caught.exception.differences}
        self.assertEqual(statuses, {names[0]: "renamed", names[1]: "mismatch", names[2]: "missing", "extra": "extra"})
        self.assertNotIn("\x1b", str(caught.exception))

    def test_pointers_are_compared_only_when_asked(self):
        vector = vectors("valid", "lock-file")[0]
        contents = dict(vector["contents"])
        weights = next(name for name in contents if mp.is_weight_file(name))
        entry = resource(weights, contents[weights])
        contents[weights] = f"version https://git-lfs.github.com/spec/v1\noid sha256:{entry.sha256}\nsize {entry.size}\n"
        folder = self.write("model", contents)
        with self.refused("MODEL_DIFFERS"):
            mp.verify_model(folder, vector["lock"])
        self.assertIn("pointers", mp.verify_model(folder, vector["lock"], lfs_pointers=True).warnings[0])

    def test_what_was_left_out_by_choice_is_a_warning(self):
        vector = next(vector for vector in vectors("valid", "lock-file") if vector["lock"]["ignorePaths"])
        warnings = mp.verify_model(self.write("model", vector["contents"]), vector["lock"]).warnings
        self.assertIn("nobody checked it", warnings[0])


class Command(Case):
    def run_main(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = mp.main(list(map(str, arguments)))
            except SystemExit as stopped:
                code = stopped.code
        return code, out.getvalue(), err.getvalue()

    def test_every_failure_has_its_code_and_no_word_of_success(self):
        vector = vectors("valid", "lock-file")[0]
        folder = self.write("model", vector["contents"])
        lock = self.write(".", {"l.json": json.dumps(vector["lock"]), "bad.json": "{}", "policy": "x"}) / "l.json"
        code, out, _ = self.run_main("verify", folder, "--lock", lock)
        self.assertEqual((code, out.split(":")[0]), (0, "VERIFIED"))
        code, out, _ = self.run_main("verify", folder, "--lock", lock, "--json")
        self.assertEqual((code, json.loads(out)["ok"]), (0, True))
        os.mkfifo(self.folder / "fifo")
        failures = {
            (folder, "--lock", self.folder / "bad.json"): 2,
            (folder, "--lock", self.folder / "none"): 2,
            (folder, "--lock", self.folder / "fifo"): 2,
            (self.folder / "none", "--lock", lock): 2,
            (folder,): 2,
            (): 2,
            (folder, "--lock", lock, "--creators", "0x" + "12" * 20): 5,
            (folder, "--lock", lock, "--creators", ""): 5,
            (folder, "--lock", lock, "--policy", self.folder / "policy"): 5,
        }
        (self.folder / "model-2").mkdir()
        failures[(self.write("model-2", {"config.json": "{}"}), "--lock", lock)] = 1
        for arguments, expected in failures.items():
            for more in ((), ("--json",)):
                with self.subTest(arguments=arguments):
                    code, out, err = self.run_main("verify", *arguments, *more)
                    self.assertEqual(code, expected, err)
                    self.assertNotIn("VERIFIED", out + err)
                    self.assertNotIn('"ok": true', out)


if __name__ == "__main__":
    unittest.main()
