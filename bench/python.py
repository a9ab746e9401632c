"""The Python package beside the command that it carries: import, a second call, and a large folder. See bench/README.md.

npm run build:python -- --engine && npm run bench:python [-- --check]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "python/src"), str(ROOT / "python/tests")]

from chain import serve_chain, write_model  # noqa: E402

import model_provenance as mp  # noqa: E402
from model_provenance._node import command  # noqa: E402

SHARDS = 8
SHARD_BYTES = 256 * 1024 * 1024
BLOCK = 1024 * 1024
ROUNDS = 5
GOALS = {"import": 0.1, "second": 0.05, "folder": 1.05}


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Measure some rounds; return their median."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def measure(folder: Path) -> dict[str, float]:
    """Measure all; the folder is written first, so that it is in the page cache."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python/src")}
    words = [sys.executable, "-c", "import model_provenance"]
    found = {"import": seconds(lambda: subprocess.run(words, env=environment, check=True))}
    large, small = folder / "large", folder / "small"
    write_model(large, 1.0)
    write_model(small, 1.0)
    block = os.urandom(BLOCK)
    for i in range(SHARDS):
        with (large / f"model-{i}.safetensors").open("wb") as shard:
            for _ in range(SHARD_BYTES // BLOCK):
                shard.write(block)
    with serve_chain(folder) as chain:
        chain.publish(large)
        chain.publish(small)
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in chain.options.items()]
        lock = folder / "large.lock.json"
        mp.verify(large, write_lock=lock, **chain.options)
        # Against a lock, and so against the disk alone, how long a second call takes to begin and to end.
        small_lock = folder / "small.lock.json"
        found["first"] = seconds(lambda: (mp.close(), mp.verify(small, write_lock=small_lock, **chain.options)), 3)
        mp.verify_model(small, small_lock)
        found["second"] = seconds(lambda: mp.verify_model(small, small_lock), 20)
        found["second, of the chain"] = seconds(lambda: mp.verify(small, **chain.options), 20)
        verify = [*command(), "verify", str(large), "--json", *flags]
        ratios = []
        for _ in range(ROUNDS):
            # In turns, so that what else the machine does meets both.
            ours = seconds(lambda: mp.verify(large, **chain.options), 1)
            theirs = seconds(lambda: subprocess.run(verify, check=True, capture_output=True), 1)
            ratios.append((ours / theirs, ours, theirs))
        found["folder"], found["ours"], found["command"] = sorted(ratios)[len(ratios) // 2]
    mp.close()
    return found


def main() -> int:
    """Print what was measured; with --check the exit code says whether the goals were met."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    rows = [
        ("import model_provenance, Python's own start included", f"{found['import'] * 1000:.0f} ms", "import"),
        ("first verify, the engine's start included", f"{found['first'] * 1000:.0f} ms", None),
        ("second verify, against a lock", f"{found['second'] * 1000:.0f} ms", "second"),
        ("second verify, against a chain on this machine", f"{found['second, of the chain'] * 1000:.0f} ms", None),
        ("verify of 2 GiB, against the command", f"{found['folder']:.2f} ×", "folder"),
    ]
    for what, value, goal in rows:
        met = "" if goal is None else "met" if found[goal] <= GOALS[goal] else "MISSED"
        print(f"{what:55} {value:>8}  {met}")
    print(f"2 GiB: {found['ours'] * 1000:.0f} ms, the command {found['command'] * 1000:.0f} ms (medians of {ROUNDS}, in turns)")
    return 1 if "--check" in sys.argv and any(found[goal] > GOALS[goal] for goal in GOALS) else 0


if __name__ == "__main__":
    sys.exit(main())
