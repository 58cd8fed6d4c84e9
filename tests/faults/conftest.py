"""Fixtures of the fault suite: processes that many tests share, because starting them takes long."""

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.lists import heal
from tests.faults.site import Site, reddit_at, site_at
from tests.serving import Served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reddit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A look-alike for the tests of a module."""
    async with reddit_at(tmp_path_factory.mktemp("reddit")) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    reddit: Served,
    mongodb_uri: str,
) -> AsyncIterator[Site]:
    """A service for the tests of a module, on the session's database server, with everything collected.

    A module's ``SETTINGS``, if it has any, are further settings.
    """
    folder, more = tmp_path_factory.mktemp("site"), getattr(request.module, "SETTINGS", {})
    async with site_at(folder, reddit, mongodb_uri, f"faults_{uuid.uuid4().hex[:12]}", **more) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="module")
async def site(shared_site: Site) -> AsyncIterator[Site]:
    """The module's service; whatever a test broke at the look-alike is whole again afterwards."""
    yield shared_site
    await heal(shared_site.reddit)
