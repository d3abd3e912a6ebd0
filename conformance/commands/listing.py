"""`conformance list`: every requirement that the kit knows."""

import argparse
from collections.abc import Sequence

from conformance.catalogue import checks
from conformance.sender.court import Court
from conformance.unchecked import unchecked


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="conformance list", description=__doc__)
    parser.parse_args(words)
    known = [one.requirement for one in checks()]
    known += [one.requirement for one in [*unchecked(), *Court().outcomes()]]
    for requirement in known:
        print(f"{requirement.id}\t{requirement.level.value}\t{requirement.title}")
        print(f"\t{requirement.volet.value}\t{requirement.source}")
    return 0
