"""The section `verify`: what a synthetic study that is sent to a project of its own is to bring about."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from bootstrap.config.section import Model, Section
from bootstrap.kinds.dicom_address import FORM, dicom_address

# The attributes of the study in which a text is planted that is one of a kind.
PERSONS = ("PatientName", "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName")
SHORT = ("AccessionNumber", "StudyID")  # 16 letters at most
TEXTS = ("PatientID", "OtherPatientIDs", "PatientAddress", "InstitutionName", "InstitutionAddress")
PLANTED = (*PERSONS, *SHORT, *TEXTS)


class Expectation(Model):
    identity: ClassVar[str | None] = "subscription"

    subscription: str = Field(description="the subscription that makes them, by its name in `subscriptions`")
    level: Literal["scan", "session"] = Field(
        "scan", description="what the resources belong to: each scan, or the session"
    )
    resources: list[str] = Field(
        min_length=1, description="the labels of the resources that are to be there, with files"
    )


class Verify(Model):
    project: str = Field(description="a project of `projects` that is there for this alone")
    dicom: str | None = Field(
        None, description=f"the receiver that the study is sent to by C-STORE, {FORM}; null is no: it is imported"
    )
    keeps: list[str] = Field(
        default_factory=list,
        description="attributes that the scripts leave on purpose, such as InstitutionName",
    )
    expect: list[Expectation] = Field(default_factory=list, description="what the subscriptions are to make")

    @field_validator("dicom")
    @classmethod
    def _an_address(cls, dicom: str | None) -> str | None:
        try:
            return dicom and str(dicom_address(dicom))
        except ValueError as error:
            hint = {"hint": f"write {FORM}"}
            raise PydanticCustomError("dicom-address", "{why}", {"why": str(error), **hint}) from None


VERIFY = Section(
    key="verify",
    shape=Verify,
    doc="What the verb `verify` proves with a synthetic study, which it removes again.",
    example="""\
project: VERIFY
expect:
  - {subscription: dcm2niix-on-scan, level: scan, resources: [NIFTI]}
""",
)
