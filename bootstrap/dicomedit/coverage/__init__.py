"""What a script covers of DICOM PS3.15 Annex E, told from its text, and proved on data.

    found = coverage(parse(text))             # every attribute: what becomes of it, on which way, in which place
    found.gaps                                # where the original may come through
    proof = prove(parse(text), variables)     # the script run on an object full of canaries
    proof.survivors

Knows nothing of XNAT but the names of the variables that it gives.
"""

from __future__ import annotations

from bootstrap.dicomedit.coverage.analysis import GIVEN_BY_XNAT, coverage
from bootstrap.dicomedit.coverage.fates import Fate, Kind
from bootstrap.dicomedit.coverage.proof import Proof, Survivor, prove
from bootstrap.dicomedit.coverage.result import Coverage, PixelBlanking, Row, Treatment, Unmatched
from bootstrap.dicomedit.coverage.verdicts import Verdict

__all__ = [
    "GIVEN_BY_XNAT",
    "Coverage",
    "Fate",
    "Kind",
    "PixelBlanking",
    "Proof",
    "Row",
    "Survivor",
    "Treatment",
    "Unmatched",
    "Verdict",
    "coverage",
    "prove",
]
