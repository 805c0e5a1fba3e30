"""Every page of the console, all for whoever may see it."""

from fastapi import APIRouter

from gateway.console import (
    account,
    accounts,
    cohorts,
    importing,
    mails,
    matches,
    mentors,
    pairs,
    people,
    programmes,
    refused,
    regions,
    resending,
    runs,
)

router = APIRouter(include_in_schema=False)
for subject in (
    programmes,
    regions,
    cohorts,
    matches,
    pairs,
    people,
    importing,
    mails,
    refused,
    regions,
    resending,
    runs,
    mentors,
    account,
    accounts,
):
    router.include_router(subject.router)
