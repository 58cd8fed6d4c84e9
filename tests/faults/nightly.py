"""What takes too long for every run: left out unless ``NIGHTLY=1`` is set."""

import os

import pytest

IS_NIGHT = os.environ.get("NIGHTLY", "") not in ("", "0")

nightly = pytest.mark.skipif(not IS_NIGHT, reason="part of the nightly form; set NIGHTLY=1 to run it")
"""Marks a test of the nightly form."""
