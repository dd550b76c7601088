"""The images of a site file with their full references: known without a server, also of what is still to be built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jinja2

from bootstrap.config.site import Site
from bootstrap.errors import SiteFileError
from bootstrap.kinds.build_context import DOCKERFILE, TEMPLATE, BadContext, BuildContext, read_context
from bootstrap.kinds.image_reference import DOCKER_HUB, SHORT, Reference, host_of_url, read_reference
from bootstrap.kinds.images_section import FORMS, Image
from bootstrap.kinds.registries_section import Registry, registries_of, repository_in
from bootstrap.values import Problem, Source


@dataclass(frozen=True)
class ImageUse:
    image: Image
    place: int
    site: Site = field(repr=False)
    reference: Reference
    context: BuildContext | None = None
    base: tuple[str, ...] = ()  # other images of the file that its Dockerfile names

    @property
    def name(self) -> str:
        return self.image.name

    @property
    def form(self) -> str:
        return next(form for form in FORMS if getattr(self.image, form) is not None)

    @property
    def registry(self) -> Registry | None:
        """The one that it is pushed to."""
        return next((each for each in registries_of(self.site) if each.name == self.image.push), None)

    def source(self, *path: str) -> Source:
        return self.site.source("images", self.place, *path)


@dataclass(frozen=True)
class Loaded:
    uses: tuple[ImageUse, ...]
    problems: tuple[Problem, ...]  # of what could not be loaded


def image_uses(site: Site) -> tuple[ImageUse, ...]:
    """Raises with all the images that cannot be used."""
    found = loaded(site)
    if found.problems:
        raise SiteFileError(found.problems)
    return found.uses


@lru_cache(maxsize=4)
def loaded(site: Site) -> Loaded:
    return _Loader(site).load()


class _Loader:
    """One image's Dockerfile may stand on another image of the file, in any order."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._places = {image.name: place for place, image in enumerate(site.section("images") or ())}
        self._uses: dict[str, ImageUse] = {}
        self._broken: dict[str, tuple[Problem, ...]] = {}
        self._underway: list[str] = []

    def load(self) -> Loaded:
        for name in self._places:
            self.use(name)
        uses = [self._uses[name] for name in self._places if name in self._uses]
        return Loaded(tuple(uses), tuple(problem for found in self._broken.values() for problem in found))

    def use(self, name: str) -> ImageUse | None:
        """None where it is broken, which is told once."""
        if name not in self._uses and name not in self._broken:
            if name in self._underway:
                raise jinja2.TemplateRuntimeError(f"the image {name} stands on itself")
            self._underway.append(name)
            try:
                self._uses[name] = self._load(self._places[name])
            except SiteFileError as error:
                self._broken[name] = tuple(error.problems)
            finally:
                self._underway.pop()
        return self._uses.get(name)

    def names(self) -> Iterator[str]:
        return iter(self._places)

    def _load(self, place: int) -> ImageUse:
        image: Image = self._site.section("images")[place]
        if image.build is None:
            form = "pull" if image.pull is not None else "present"
            return ImageUse(image, place, self._site, self._reference(str(image.pull or image.present), place, form))
        repository = self._repository(image, place)
        context, base = self._context(image, place)
        reference = Reference(repository.repository, context.digest[:SHORT])
        return ImageUse(image, place, self._site, reference, context, base)

    def _context(self, image: Image, place: int) -> tuple[BuildContext, tuple[str, ...]]:
        path = ("images", place, "build")
        folder = self._site.path_of(str(image.build), *path)
        is_template, is_plain = (folder / TEMPLATE).is_file(), (folder / DOCKERFILE).is_file()
        if is_template and is_plain:
            raise self._wrong(
                "build-context", f"{image.name}: {folder} has a {DOCKERFILE} and a {TEMPLATE}", place, "build"
            )
        others, text = _Others(self), None
        if is_template:
            text = str(self._site.template(f"{image.build}/{TEMPLATE}", {"images": others}, *path))
        elif folder.is_dir() and not is_plain:
            raise self._wrong("build-context", f"{image.name}: {folder} has no {DOCKERFILE}", place, "build")
        try:
            context = read_context(folder, image.args, image.platform, text)
        except BadContext as error:
            raise self._wrong("build-context", f"{image.name}: the folder {folder} {error}", place, "build") from None
        self._site.folder_read(folder, context.digest)
        return context, tuple(others.asked)

    def _repository(self, image: Image, place: int) -> Reference:
        registry = next((each for each in registries_of(self._site) if each.name == image.push), None)
        if image.push is not None and registry is None:
            known = ", ".join(each.name for each in registries_of(self._site)) or "none"
            message = f"{image.name}: there is no registry `{image.push}` in `registries`"
            raise self._wrong("image-registry", message, place, "push", f"known: {known}")
        text = image.repository or (repository_in(registry, image.name) if registry else image.name)
        if not text:
            message = f"{image.name}: where it is to lie on Docker Hub is not known"
            raise self._wrong("image-reference", message, place, "push", "write `repository: USER/NAME`")
        found = self._reference(text, place, "repository")
        if found.tag or found.digest:
            message = f"{image.name}: a repository is written without a tag: that is made of what is built"
            raise self._wrong("image-reference", message, place, "repository")
        return self._in_registry(found, registry, place) if registry else found

    def _in_registry(self, found: Reference, registry: Registry, place: int) -> Reference:
        """A repository without a host is below the registry's; one with another host is a mistake."""
        host = host_of_url(registry.url)
        if found.host == host:
            return found
        if found.host == DOCKER_HUB:
            return self._reference(f"{host}/{found.repository}", place, "repository")
        message = f"{found.repository} does not lie in the registry {registry.name}, which is {host}"
        raise self._wrong("image-registry", message, place, "repository")

    def _reference(self, text: str, place: int, key: str) -> Reference:
        try:
            return read_reference(text)
        except ValueError as error:
            raise self._wrong("image-reference", f"{text!r} is no name of an image: {error}", place, key) from None

    def _wrong(self, rule: str, message: str, place: int, key: str, hint: str = "") -> SiteFileError:
        return SiteFileError([Problem("error", rule, message, hint, self._site.source("images", place, key))])


class _Others(Mapping[str, str]):
    """The other images of the file, each looked at when a Dockerfile asks for it."""

    def __init__(self, loader: _Loader) -> None:
        self._loader = loader
        self.asked: dict[str, None] = {}

    def __getitem__(self, name: str) -> str:
        if name not in set(self._loader.names()):
            raise KeyError(name)
        use = self._loader.use(name)
        self.asked[name] = None
        return use.reference.full if use else f"{name}:unknown"

    def __iter__(self) -> Iterator[str]:
        return self._loader.names()

    def __len__(self) -> int:
        return len(list(self._loader.names()))


def image_references(site: Site) -> Mapping[str, str]:
    """The full reference of each image of the file; a placeholder where that cannot be known."""
    known = {use.name: use.reference.full for use in loaded(site).uses}
    images: Any = site.section("images") or ()
    return {image.name: known.get(image.name, f"{image.name}:unknown") for image in images}
