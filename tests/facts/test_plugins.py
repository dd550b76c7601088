from __future__ import annotations

import pytest

from bootstrap.facts.plugins import base_version, fit_of, fitting_versions, plugin_catalogue, wanted_by
from bootstrap.facts.versions import terms

FITS = [
    ("containers", "3.7.3", "1.9.2.1", None, "fits"),
    ("containers", "3.7.3", "1.9.1", None, "unfit"),
    ("containers", "3.7.3", "1.10.0", None, "unfit"),
    ("containers", "3.9.0", "1.10.0", None, "unfit"),
    ("containers", "3.9.0", "1.10.1", None, "fits"),
    ("containers", "3.5.0", "1.9.0", None, "unfit"),
    ("containers", "12.0", "1.9.2", None, "unknown"),
    ("containers", "3.7.3", "Unknown", None, "unknown"),
    ("containers", "3.7.3", "1.8.0", ">=1.8", "fits"),
    ("containers", "3.7.3", "1.9.2", ">=1.10", "unfit"),
    ("batchLaunchPlugin", "0.8.0", "1.9.2", None, "fits"),
    ("batchLaunchPlugin", "0.8.1", "1.9.2.1", None, "unfit"),
    ("dicom_query_retrieve", "2.3.2", "1.9.3.8", None, "fits"),
    ("dicom-query-retrieve", "2.4.0", "1.10.1", None, "unfit"),
    ("ohifViewerPlugin", "3.7.1", "1.10.0", None, "unknown"),  # inferred only
    ("of-our-own", "1.0", "1.9.2", None, "unknown"),
]
VERSIONS = [("3.7.3-fat", "3.7.3"), ("0.9.0-xpl", "0.9.0"), ("2.1-SNAPSHOT", "2.1-SNAPSHOT"), ("unknown", "unknown")]


@pytest.mark.parametrize(("plugin", "version", "xnat", "said", "fit"), FITS)
def test_which_version_fits_which_xnat(plugin: str, version: str, xnat: str, said: str | None, fit: str) -> None:
    assert fit_of(plugin, version, xnat, said) == fit


@pytest.mark.parametrize(("said", "version"), VERSIONS)
def test_a_classifier_is_no_part_of_the_version(said: str, version: str) -> None:
    assert base_version(said) == version


def test_addresses_are_made_of_the_version() -> None:
    known = plugin_catalogue()["containers"]
    assert str(known.url_of("3.7.3")).startswith("https://api.bitbucket.org/")
    assert str(known.url_of("3.8.1")).endswith("/download/3.8.1/container-service-3.8.1-fat.jar")
    assert plugin_catalogue()["datasetsPlugin"].url_of("1.0.0") is None


def test_the_catalogue_tells_both_ways() -> None:
    assert wanted_by("containers", "3.7.3") == ">=1.9.2,<1.10"
    assert wanted_by("containers", "99") == wanted_by("of-our-own", "1") == ""
    assert fitting_versions("containers", "1.9.2.1") == ">=3.6,<3.7 or >=3.7,<3.8"
    assert fitting_versions("of-our-own", "1.9.2.1") == ""


@pytest.mark.parametrize("plugin", plugin_catalogue().values(), ids=lambda plugin: plugin.id)
def test_every_range_of_the_catalogue_can_be_read(plugin: object) -> None:
    known = plugin_catalogue()[plugin.id]  # type: ignore[attr-defined]
    ranges = [
        *(place.versions for place in known.urls),
        *(r for pair in known.fits for r in (pair.versions, pair.xnat)),
    ]
    assert ranges
    assert all(terms(text) for text in ranges)
    assert "{version}" in known.file
    assert all("{version}" in place.url and place.url.startswith("https://") for place in known.urls)
