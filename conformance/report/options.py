"""Where the reports go: options that every command with a report has."""

import argparse
import sys
from pathlib import Path

from conformance.report.html import html_report
from conformance.report.junit import junit_report
from conformance.report.run import Run
from conformance.report.text import text_report


def add_report_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("reports")
    group.add_argument("--junit", type=Path, metavar="FILE", help="JUnit XML, for CI")
    group.add_argument("--html", type=Path, metavar="FILE", help="one page that needs nothing else")
    group.add_argument("--text", type=Path, metavar="FILE", help="the text, else on the console")
    group.add_argument("--all", action="store_true", help="the text lists what is met as well")
    group.add_argument(
        "--known", type=Path, metavar="FILE",
        help="TOML list of what is known not to be met; the run passes when it says what is so",
    )  # fmt: skip


def write_reports(run: Run, options: argparse.Namespace) -> int:
    """Writes what was asked; 0 when the run passed, else 1. Raises OSError."""
    text = text_report(run, everything=options.all)
    if options.text:
        options.text.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    if options.junit:
        options.junit.write_text(junit_report(run), "utf-8")
    if options.html:
        options.html.write_text(html_report(run), "utf-8")
    return 0 if run.passed else 1
