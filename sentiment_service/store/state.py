"""Small facts that instances share: leases, the data version, how jobs ended."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from sentiment_service.errors import CycleLostError, StoreError
from sentiment_service.models import DataVersion, JobOutcome, Lease
from sentiment_service.store.connection import Database
from sentiment_service.store.documents import Document, unwire, wire
from sentiment_service.store.version import VersionWatch

LEASES = "leases"
STATE = "state"
OUTCOMES = "outcomes"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class State:
    """The facts.

    :param now: the clock leases are measured with; those of all instances should agree within seconds.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.watch = VersionWatch(self.version)
        """What this process knows of the data version; somebody must run it."""
        self._database = database
        self._now = now

    async def acquire(self, name: str, owner: str, ttl_s: float) -> Lease | None:
        """Take a lease that nobody holds or that has expired; ``None`` when somebody holds it.

        The answer may be lost on its way: who asks again under the same name and owner within the
        repetitions of one call gets it.

        :param ttl_s: seconds until it expires unless renewed.
        """
        now = self._now()
        expires_at = now + timedelta(seconds=ttl_s)
        try:
            document = await self._database.write(
                "taking a lease",
                lambda: self._database.collection(LEASES, journaled=True).find_one_and_update(
                    {"_id": name, "expires_at": {"$lte": now}},
                    {"$set": {"owner": owner, "expires_at": expires_at}, "$inc": {"fence": 1}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                ),
            )
        except StoreError as error:
            # The filter missed because the lease is held, and the insert met the document that is there.
            if not isinstance(error.__cause__, DuplicateKeyError):
                raise
            document = None
        # The embedded server answers with nothing instead when two ask at the same moment.
        held = await self._read_lease(name) if document is None else document
        return _lease(held) if held is not None and _is(held, owner, expires_at) else None

    async def renew(self, lease: Lease, ttl_s: float) -> Lease:
        """Hold a lease for longer.

        :param ttl_s: seconds from now until it expires.
        :raises CycleLostError: it expired and somebody else took it.
        """
        expires_at = self._now() + timedelta(seconds=ttl_s)
        document = await self._database.write(
            "renewing a lease",
            lambda: self._database.collection(LEASES, journaled=True).find_one_and_update(
                {"_id": lease.name, "owner": lease.owner, "fence": lease.fence},
                {"$set": {"expires_at": expires_at}},
                return_document=ReturnDocument.AFTER,
            ),
        )
        if document is None:
            raise CycleLostError(f"the lease {lease.name} is no longer held by {lease.owner}")
        return _lease(document)

    async def release(self, lease: Lease) -> None:
        """Give a lease back. Does nothing when it is no longer ours."""
        await self._database.write(
            "releasing a lease",
            lambda: self._database.collection(LEASES, journaled=True).update_one(
                {"_id": lease.name, "owner": lease.owner, "fence": lease.fence},
                # The document stays, because its fence must never go back.
                {"$set": {"owner": "", "expires_at": EPOCH}},
            ),
        )

    async def holder(self, name: str) -> Lease | None:
        """Who holds a lease now."""
        document = await self._read_lease(name)
        if document is None or document["expires_at"] <= self._now():
            return None
        return _lease(document)

    async def bump_version(self) -> DataVersion:
        """Say that what the API reads has changed; every read that begins when this returns shows it."""
        now = self._now()
        document = await self._database.write(
            "raising the data version",
            lambda: self._database.collection(STATE, journaled=True).find_one_and_update(
                {"_id": "version"},
                {"$inc": {"number": 1}, "$set": {"changed_at": now}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            ),
        )
        version = DataVersion(document["number"], document["changed_at"])
        await self.watch.raised(version)
        return version

    async def version(self) -> DataVersion:
        """The data version: 0 since the epoch when nothing was ever written."""
        document = await self._database.read(
            "reading the data version", lambda: self._database.collection(STATE).find_one({"_id": "version"})
        )
        return (
            DataVersion(0, EPOCH)
            if document is None
            else DataVersion(document["number"], document["changed_at"])
        )

    async def save_outcome(self, outcome: JobOutcome) -> None:
        """Note how the last run of a job ended."""
        values = asdict(outcome) | {"detail": wire(outcome.detail)}
        await self._database.write(
            "saving a job's outcome",
            lambda: self._database.collection(OUTCOMES, journaled=True).update_one(
                {"_id": outcome.job}, {"$set": values}, upsert=True
            ),
        )

    async def outcomes(self) -> dict[str, JobOutcome]:
        """How the last run of each job ended, by the job's name."""
        documents = await self._database.read(
            "reading job outcomes",
            lambda: self._database.collection(OUTCOMES).find({}, {"_id": 0}).to_list(None),
        )
        return {
            document["job"]: JobOutcome(**{**document, "detail": unwire(document["detail"])})
            for document in documents
        }

    async def _read_lease(self, name: str) -> Document | None:
        return await self._database.read(
            "reading a lease", lambda: self._database.collection(LEASES).find_one({"_id": name})
        )


def _is(document: Document, owner: str, expires_at: datetime) -> bool:
    """Whether a stored lease is what this very call wrote before its answer was lost."""
    return bool(
        document["owner"] == owner and abs(document["expires_at"] - expires_at) < timedelta(milliseconds=1)
    )


def _lease(document: Document) -> Lease:
    return Lease(document["_id"], document["owner"], document["fence"], document["expires_at"])
