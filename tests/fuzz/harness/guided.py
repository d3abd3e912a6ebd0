"""One target driven by atheris (coverage-guided, libFuzzer underneath), in a process of its own.

`python guided.py TARGET SECONDS FOLDER FOUND`: inputs that reach new code are kept in FOLDER and
read again by the next run; an input that breaks a law is written to FOUND, and the status is not 0.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gateway"], enable_loader_override=False):
    from registry import BY_NAME

from bounds import timed
from target import Target

longest_input_bytes = 20_000
hang_seconds = 30
memory_megabytes = 1_500
LETTERS = frozenset(range(0x20, 0x7F)) - set(b'"\\')


def dictionary(target: Target) -> str:
    """The words of a target as libFuzzer reads them."""
    shown = (
        "".join(chr(byte) if byte in LETTERS else f"\\x{byte:02x}" for byte in word)
        for word in target.words
        if len(word) <= 64
    )
    return "".join(f'"{word}"\n' for word in shown)


def main() -> None:
    target, seconds = BY_NAME[sys.argv[1]], int(sys.argv[2])
    folder, found = Path(sys.argv[3]), Path(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    words = folder.with_suffix(".words")
    words.write_text(dictionary(target))
    for number, seed in enumerate(target.seeds()):
        if len(seed) <= longest_input_bytes:
            (folder / f"seed-{number:03d}").write_bytes(seed)
    options = [
        sys.argv[0],
        str(folder),
        f"-artifact_prefix={found}/",
        f"-dict={words}",
        f"-max_total_time={seconds}",
        f"-max_len={longest_input_bytes}",
        f"-timeout={hang_seconds}",
        f"-rss_limit_mb={memory_megabytes}",
        "-print_final_stats=1",
        "-verbosity=0",
        "-close_fd_mask=0",
    ]
    atheris.Setup(options, lambda data: timed(target.run, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
