"""The retention policy of an installation, from its settings."""

from schemas.records.retention import RetentionPolicy
from workers.settings import Settings


def retention_policy(settings: Settings) -> RetentionPolicy:
    return RetentionPolicy(
        archive_after=settings.archive_after,
        keep_archive=settings.keep_archive,
        keep_words=settings.keep_words,
        keep_leavers=settings.keep_leavers,
    )
